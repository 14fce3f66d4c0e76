// Prints the processor time, in microseconds, that receiptline takes for the sample receipt in text
// mode, warm: the yardstick of tests/bench/receipt_bench.cpp.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const receiptline = createRequire(import.meta.url)('receiptline');

const sample = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const lines = [];
for (const block of sample.blocks) {
    if (block.kind === 'paragraph') lines.push(block.align === 'centre' ? block.text : block.text + ' |');
    if (block.kind === 'pair') lines.push('"' + block.label + '" | ' + block.value);
    if (block.kind === 'table') for (const row of block.rows) lines.push(row.join(' | '));
    if (block.kind === 'rule') lines.push('-');
    if (block.kind === 'qr') lines.push('{code:' + block.payload + '; option:qrcode,4,q}');
    if (block.kind === 'cut') lines.push('=');
}
const text = lines.join('\n');
const printer = { command: 'escpos', encoding: 'gb18030', cpl: 48 };
for (let i = 0; i < 300; ++i) receiptline.transform(text, printer);
const rounds = 500;
const before = process.cpuUsage();
let bytes = 0;
for (let i = 0; i < rounds; ++i) bytes += receiptline.transform(text, printer).length;
const used = process.cpuUsage(before);
console.log(((used.user + used.system) / rounds).toFixed(1), Math.round(bytes / rounds));
