// What the whole process does so that nothing about a person leaves its memory.
#pragma once

namespace base {

// No core dumps, not dumpable, no new privileges, an arena that is locked (spec reliability M3). A
// standard descriptor that was closed leads nowhere: a file opened later would get its number, and
// what a library prints would be kept in it.
// Call once, first thing in main.
void make_process_private();

} // namespace base
