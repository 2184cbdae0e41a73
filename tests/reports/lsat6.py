"""LSAT section 6: 1,000 people at 5 questions, scored right (1) or wrong (0).

The counts of the 32 answer patterns are those of R. D. Bock and M. Lieberman (1970), "Fitting a
response model for n dichotomously scored items", Psychometrika 35, 179-197. The shares of right
answers follow from them; the values of alpha are those that D. Rizopoulos's R package ltm prints
for the same data (descript(LSAT); Journal of Statistical Software 17(5), 2006).
"""

from __future__ import annotations

PATTERNS = {
    "00000": 3,
    "00001": 6,
    "00010": 2,
    "00011": 11,
    "00100": 1,
    "00101": 1,
    "00110": 3,
    "00111": 4,
    "01000": 1,
    "01001": 8,
    "01010": 0,
    "01011": 16,
    "01100": 0,
    "01101": 3,
    "01110": 2,
    "01111": 15,
    "10000": 10,
    "10001": 29,
    "10010": 14,
    "10011": 81,
    "10100": 3,
    "10101": 28,
    "10110": 15,
    "10111": 80,
    "11000": 16,
    "11001": 56,
    "11010": 21,
    "11011": 173,
    "11100": 11,
    "11101": 61,
    "11110": 28,
    "11111": 298,
}
ROWS = [[int(mark) for mark in p] for p, count in PATTERNS.items() for _ in range(count)]

FACILITY = [0.924, 0.709, 0.553, 0.763, 0.870]
ALPHA = 0.2950
ALPHA_WITHOUT = [0.2754, 0.2376, 0.2168, 0.2459, 0.2663]
