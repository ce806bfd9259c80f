"""Subset Noto Sans CJK KR into the course's two Hangul fonts: a small one, and one for all text.

    python tools/maintenance/subset_font.py [FOLDER]

FOLDER holds NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc (Debian: fonts-noto-cjk).
Only maintainers run this: the fonts that it makes are in the repository. The small one is for
figures, the other for the prose of Korean decks and pages: KS X 1001's 2,350 syllables.
"""

import re
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path("/usr/share/fonts/opentype/noto")
TARGET = ROOT / "helpers" / "figures" / "fonts"

NUMBERS = "영일이삼사오육칠팔구십백천만억조"
DATES = "년월일요화수목금토"
WORDS = "숫자 날짜 단어 음절 글자 문장 원문 정답 시작 끝 위치 길이 차례 한국어 영어 있음 없음"
SHOWN = (ROOT / "notebooks" / "korean.po").read_text(encoding="utf-8")
# words that figures share with diagrams and views: the short ones of what helpers say
SHARED = re.findall(
    r'^msgstr "(.{1,20})"$', (ROOT / "helpers" / "korean.po").read_text("utf-8"), re.M
)
GIVEN = NUMBERS + DATES + WORDS + SHOWN + "".join(SHARED)
HANGUL = "".join(sorted(set(re.findall("[가-힣]", GIVEN))))
LATIN = "".join(map(chr, range(0x20, 0x7F)))
# √ × → ← ∞ ≤ ≥ ∂ ‖ are as wide as a syllable here, and ⁿ is missing: DejaVu Sans sets those
SYMBOLS = "·−²³¹°–‘’“”"
CHARACTERS = LATIN + SYMBOLS + HANGUL
KS_X_1001 = "".join(
    bytes([row, cell]).decode("euc_kr") for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF)
)
PROSE = LATIN + SYMBOLS + "×≈…∞√≥≤○●□→←" + KS_X_1001
MADE = {  # by file name: family, characters, and the wrapper of the file, where it has one
    "CourseHangul-{}.otf": ("Course Hangul", CHARACTERS, None),
    "CourseHangulText-{}.woff": ("Course Hangul Text", PROSE, "woff"),
}

KEPT_NAMES = {0, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14}  # copyright, credits, version, licence


def korean_face(path):
    """Return the proportional Korean face of a Noto Sans CJK collection."""
    for face in TTCollection(path).fonts:
        if face["name"].getDebugName(1) == "Noto Sans CJK KR":
            return face
    raise SystemExit(f"{path} holds no face named Noto Sans CJK KR; install fonts-noto-cjk")


def subset(face, characters):
    """Keep only some characters, without hints, layout features or vertical metrics."""
    missing = [c for c in characters if ord(c) not in face.getBestCmap()]
    if missing:
        raise SystemExit(f"the source font lacks {missing}: take them out of the lists above")
    options = Options(hinting=False, desubroutinize=True, notdef_outline=True)
    options.layout_features = ["kern"]
    options.name_IDs = sorted(KEPT_NAMES)
    options.name_languages = [0x409]
    options.drop_tables += ["BASE", "GSUB", "VORG", "vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(face)


def rename(face, family, weight):
    """Give the face its own name, as a modified font should have."""
    postscript = f"{family.replace(' ', '')}-{weight}"
    full = f"{family} {weight}"
    names = {1: family, 2: weight, 3: f"{postscript};subset", 4: full, 6: postscript}
    for number, text in names.items():
        face["name"].setName(text, number, 3, 1, 0x409)
    cff = face["CFF "].cff
    cff.fontNames[0] = postscript
    cff.topDictIndex[0].FullName = full
    cff.topDictIndex[0].FamilyName = family
    for part in cff.topDictIndex[0].FDArray:
        part.FontName = part.FontName.replace(f"NotoSansCJKjp-{weight}", postscript)


def main(folder=SOURCE):
    """Write two files a weight and tell their sizes."""
    for weight in ("Regular", "Bold"):
        source = Path(folder) / f"NotoSansCJK-{weight}.ttc"
        if not source.exists():
            raise SystemExit(f"no {source}: install fonts-noto-cjk or name its folder")
        for file, (family, characters, wrapper) in MADE.items():
            face = korean_face(source)
            subset(face, characters)
            rename(face, family, weight)
            path = TARGET / file.format(weight)
            face.recalcTimestamp = False  # the same bytes each time
            face.flavor = wrapper
            face.save(path)
            size = path.stat().st_size / 1000
            print(f"{path.name}  {len(characters)} characters  {size:.1f} kB")


if __name__ == "__main__":
    main(*sys.argv[1:2])
