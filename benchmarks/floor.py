"""The floor: what ten patterns cost bare Python. Reads each file, NFKC, searches; prints the number of matches.

usage: floor.py FOLDER PATTERN…
"""

import os
import re
import sys
import unicodedata

if __name__ == "__main__":
    folder, patterns = sys.argv[1], [re.compile(pattern) for pattern in sys.argv[2:]]
    matches = 0
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            text = unicodedata.normalize("NFKC", file.read())
        matches += sum(1 for pattern in patterns for _ in pattern.finditer(text))
    print(matches)
