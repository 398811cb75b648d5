"""Make up identities: names that nobody has, numbers with correct check characters, postcodes. No journeys.

Names and numbers are worked out from a person's position in the return, so that no two people in a return share a
name, a UPN or a ULN, however many there are.
"""

from __future__ import annotations

from itertools import product
from random import Random

#: Letters of a UPN: no I, O, S. A letter's position is its number.
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
#: Multiplying by this number runs through all possible numbers before any repeats, so each is used for one person.
STEP = 7_654_321
UPN_NUMBERS = 10_000_000
ULN_NUMBERS = 90_000_000


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SURNAME_STARTS = _words(
    "Abio Ade Aldre Amber Anka Ashen Bala Baren Birch Bozan Brack Calde Chand Chuke Corra Dalwi Dembe Dovre Elmer Ezen "
    "Fadel Farro Fenwi Gario Glade Goran Hadri Haver Holle Ibran Ilkes Jaska Jorvi Kalwa Kember Khora Kowa Larch Leven "
    "Lindo Malko Marro Merri Miran Nadim Nethe Nwora Oakra Okafe Orban Panda Pemba Pirov Quell Rahma Raven Rowan Sadiq "
    "Salto Seren Shiva Sorre Stell Tamba Tarle Thorn Tolan Umbra Usman Valde Varga Welle Wicka Yarro Yusra Zamor Zelin"
)
_SURNAME_ENDS = _words(
    "bright combe dale field fjord garth gate hollow hurst kamara ling low mead mere mont ngate nova penny quist "
    "ridge rook sett shaw sino stead stoke thwaite tree vale wick wold worth yemi zari"
)
_FORENAME_STARTS = _words(
    "Ada Ama Ari Bel Bri Cai Cora Dara Dev Eli Esme Fay Fen Gia Hana Ila Ines Jai Jola Kavi Kei Lani Leo Lumi Mara "
    "Mika Nia Noor Oda Omi Pia Rafa Remi Ria Sami Sena Tali Teo Uma Vali Wren Yara Zadi Zuri"
)
_FORENAME_ENDS = _words(
    "bel beth da dan dra drin elle ette fin la lin lo mar min na nell rin ro sha ston ta vin wen ya"
)


def _joined(starts: tuple[str, ...], ends: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(start + end for start, end in product(starts, ends)))


SURNAMES = _joined(_SURNAME_STARTS, _SURNAME_ENDS)
FORENAMES = _joined(_FORENAME_STARTS, _FORENAME_ENDS)


def name_of(number: int) -> tuple[str, str]:
    """Return the surname and forename of the person with this number. No two numbers have the same pair."""
    n_names = len(SURNAMES) * len(FORENAMES)
    wave, place = divmod(number, n_names)
    surname_place, forename_place = divmod((place + 1) * STEP % n_names, len(FORENAMES))
    surname = SURNAMES[surname_place]
    if wave:
        surname = f"{surname}-{SURNAMES[wave % len(SURNAMES)]}"
    return surname, FORENAMES[forename_place]


def upn_check_letter(rest: str) -> str:
    """Work out the first letter of a UPN from its other twelve characters."""
    values = (int(char) if char.isdigit() else UPN_LETTERS.index(char) for char in rest)
    return UPN_LETTERS[sum(value * place for place, value in enumerate(values, start=2)) % 23]


def upn_of(number: int, authority: str, entry_year: int) -> str:
    """Make a UPN first given by a school of this authority in this year. Unique by number up to UPN_NUMBERS people."""
    school, serial = divmod((number + 1) * STEP % UPN_NUMBERS, 1000)
    rest = f"{authority}{school:04d}{entry_year % 100:02d}{serial:03d}"
    return upn_check_letter(rest) + rest


def uln_remainder(nine: str) -> int:
    """Return the weighted sum of the first nine digits of a ULN, modulo 11. 0 is never issued."""
    return sum(int(char) * (10 - place) for place, char in enumerate(nine)) % 11


def uln_of(number: int) -> str:
    """Make a ULN with its check digit. Unique by number up to ULN_NUMBERS people."""
    eight = str(10_000_000 + (number + 1) * STEP % ULN_NUMBERS)
    nine = next(eight + last for last in "47" if uln_remainder(eight + last))
    return f"{nine}{10 - uln_remainder(nine)}"


def postcode_of(rng: Random) -> str:
    """Make a postcode of the right form in the area of the made-up authority."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"B{rng.randint(64, 71)} {rng.randint(1, 9)}{rng.choice(letters)}{rng.choice(letters)}"
