# Makes the table of letter_classes.cpp from the Unicode Character Database (Debian package
# unicode-data): awk -f letter_classes.awk GraphemeBreakProperty.txt emoji-data.txt | sort
# Hangul syllables with and without a final (LV, LVT) are left out: they follow from arithmetic.
BEGIN {
    FS = "[ \t]*[;#][ \t]*"
    of["CR"] = of["LF"] = of["Control"] = "control"
    of["Extend"] = "extend"
    of["ZWJ"] = "joiner"
    of["SpacingMark"] = "spacing_mark"
    of["Prepend"] = "prepend"
    of["Regional_Indicator"] = "regional"
    of["L"] = "hangul_l"
    of["V"] = "hangul_v"
    of["T"] = "hangul_t"
    of["Extended_Pictographic"] = "pictographic"
}
($2 in of) {
    count = split($1, ends, /\.\./)
    last = count == 2 ? ends[2] : ends[1]
    printf "{0x%s%s, 0x%s%s, LetterClass::%s},\n", substr("000000", 1 + length(ends[1])), ends[1],
           substr("000000", 1 + length(last)), last, of[$2]
}
