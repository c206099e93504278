"""Formulas of the features, a line each; `SYMBOLS` says what the letters are."""

from __future__ import annotations

import re

from perirad.features.formulas_form import FORM, PYRADIOMICS_FORM

__all__ = ["FORMULAS", "SYMBOLS"]

SYMBOLS = """\
x, n        grey value of a pixel (voxel) of the region; number of pixels
m, P(q)     mean of x; value below which q per cent of the pixels lie
mean, sum   over the pixels, or over all cells (i, j) of a matrix unless said otherwise
g, N        grey level of a pixel, from 1; number of grey levels
h(g), p(g)  number of pixels of a level; h(g) / n
p(i,j)      share of pairs of neighbours with levels i and j; p(i) sums it over j; k = |i - j|; s = i + j; p(k), p(s)
mu, H       mean level of the pairs, sum i p(i,j); entropy -sum p log2 p of what follows
c(i,j), C   number of runs (zones, pixels) of level i and size j; sum c(i,j)
q(i,j)      c(i,j) / C; q(i) and q(j) sum it over the other
a(i), b(i)  tone differences: share of the pixels of level i; sum of |i - mean of the neighbours| over them
V, A        volume and area of the surface
"""

_STATISTICS = """
Q4LE  m = sum x / n
ECT3  v = mean (x - m)^2
KE2A  mean (x - m)^3 / v^1.5
IPH6  mean (x - m)^4 / v^2 - 3
Y12H  P(50)
1GSF  min x
QG58  P(10)
8DWT  P(90)
84IY  max x
SALO  P(75) - P(25)
2OJQ  max x - min x
4FUA  mean |x - m|
1128  mean |x - m'| of the x from P(10) to P(90), m' their mean
N72L  mean |x - P(50)|
7TET  sqrt(v) / m
9S40  (P(75) - P(25)) / (P(75) + P(25))
N8CA  sum x^2
5ZWQ  sqrt(sum x^2 / n)
"""
_AS_STATISTICS = {
    "X6K6": "Q4LE", "CH89": "ECT3", "88K1": "KE2A", "C3I7": "IPH6", "WIFQ": "Y12H", "1PR8": "1GSF", "GPMT": "QG58",
    "OZ0C": "8DWT", "3NCY": "84IY", "WR0O": "SALO", "5Z3W": "2OJQ", "D2ZX": "4FUA", "WRZB": "1128", "4RNL": "N72L",
    "CWYJ": "7TET", "SLWD": "9S40",
}  # fmt: skip

_OTHERS = """
VJGA  mean x within 6.2 mm of the brightest pixel
0F91  largest mean x within 6.2 mm of any pixel
AMMC  g of the largest h(g), the closest to the mean of several
TLU2  -sum p(g) log2 p(g)
BJ5W  sum p(g)^2
12CE  max h'(g), h' the difference of the two levels beside, halved (one-sided at both ends)
8E6O  g of max h'(g)
VQB3  min h'(g)
RHQZ  g of min h'(g)
BC2M:10  share of the pixels at or above min x + 0.1 (max x - min x)
BC2M:90  share of the pixels at or above min x + 0.9 (max x - min x)
GBPN:10  lowest step that at most 0.1 n of the pixels reach
GBPN:90  lowest step that at most 0.9 n of the pixels reach
DDTU  BC2M:10 - BC2M:90
CNV2  GBPN:10 - GBPN:90
9CMM  integral of the share of pixels at or above a fraction of the range, from 0 to 1
GYBY  max p(i,j)
60VM  mu = sum i p(i,j)
UR99  sum (i - mu)^2 p(i,j)
TU9B  -sum p(i,j) log2 p(i,j)
TF7R  d = sum k p(k)
D3YU  sum (k - d)^2 p(k)
NTRS  -sum p(k) log2 p(k)
ZGXS  sum s p(s)
OEEB  sum (s - 2 mu)^2 p(s)
P6QZ  -sum p(s) log2 p(s)
8ZQL  sum p(i,j)^2
ACUI  sum k^2 p(i,j)
8S9J  sum k p(i,j)
IB1Z  sum p(i,j) / (1 + k)
NDRX  sum p(i,j) / (1 + k / N)
WF0Z  sum p(i,j) / (1 + k^2)
1QCO  sum p(i,j) / (1 + (k / N)^2)
E8JP  sum p(i,j) / k^2 where k > 0
NI2N  sum (i - mu) (j - mu) p(i,j) / sum (i - mu)^2 p(i)
QWB0  sum i j p(i,j)
DG8W  sum (i + j - 2 mu)^2 p(i,j)
7NFM  sum (i + j - 2 mu)^3 p(i,j)
AE86  sum (i + j - 2 mu)^4 p(i,j)
R8DG  (H p(i,j) + sum p(i,j) log2 (p(i) p(j))) / H p(i)
JN9H  sqrt(1 - exp(-2 (2 H p(i) - H p(i,j))))
QCDE  1 / sum a(i) b(i); 10^6 where that divides by 0
65HE  sum a(i) a(j) (i - j)^2 / (N (N - 1)) * sum b(i) / n, N the levels present
NQ30  sum a(i) b(i) / sum |i a(i) - j a(j)|
HDEZ  sum |i - j| (a(i) b(i) + a(j) b(j)) / (a(i) + a(j)) / n
1X9X  sum (a(i) + a(j)) (i - j)^2 / sum b(i)
CAS9  sum q(i,j)^2
"""

# Of run length, zone size, zone distance and dependence matrices, in IBSI's order.
_BY_SIZE = """
sum q(i,j) / j^2
sum q(i,j) j^2
sum q(i,j) / i^2
sum q(i,j) i^2
sum q(i,j) / (i^2 j^2)
sum q(i,j) i^2 / j^2
sum q(i,j) j^2 / i^2
sum q(i,j) i^2 j^2
sum over i of (sum over j of c(i,j))^2 / C
sum q(i)^2
sum over j of (sum over i of c(i,j))^2 / C
sum q(j)^2
C / n
sum (i - sum i q(i,j))^2 q(i,j)
sum (j - sum j q(i,j))^2 q(i,j)
-sum q(i,j) log2 q(i,j)
"""
_SIZE_CODES = (
    "22OV W4KF V3SW G3QZ HTZT GD3A IVPO 3KUM R5YN OVBL W92Y IC23 9ZK5 8CE5 SXLW HJ9O",
    "5QRC 48P8 XMSY 5GN9 5RAI HW1V YH51 J17V JNSA Y1RO 4JP3 VB3A P30P BYLV 3NSA GU8N",
    "0GBI MB4I S1RA K26C RUVG DKNJ A7WM KLTH VFT7 7HP3 V294 IATH VIWW QK93 7WT1 GBDU",
    "SODN IMOQ TL9H OAE7 EQ3F JA6D NBZI 9QMG FP8K 5SPA Z87G OKJI 6XV8 1PFV DNX2 FCBV",
)

_PYRADIOMICS = """
firstorder_Kurtosis  mean (x - m)^4 / v^2
firstorder_TotalEnergy  area (volume) of a pixel (voxel) * sum x^2
glcm_MCC  sqrt of the second largest eigenvalue of Q(i,j) = sum over k of p(i,k) p(j,k) / (p(i) p(k))
"""


def _lines(table: str) -> dict[str, str]:
    rows = (line.split("  ", 1) for line in table.strip().splitlines())
    return {name: formula.strip() for name, formula in rows}


def _formulas() -> dict[str, str]:
    statistics = _lines(_STATISTICS)
    of_levels = {code: re.sub(r"\bx\b", "g", statistics[twin]) for code, twin in _AS_STATISTICS.items()}
    by_size = _BY_SIZE.strip().splitlines()
    sizes = {code: formula for codes in _SIZE_CODES for code, formula in zip(codes.split(), by_size, strict=True)}
    return (
        _lines(FORM)
        | statistics
        | of_levels
        | _lines(_OTHERS)
        | sizes
        | _lines(PYRADIOMICS_FORM)
        | _lines(_PYRADIOMICS)
    )


FORMULAS = _formulas()
"""IBSI code, or PyRadiomics' ``family_Name`` of a feature whose definition IBSI does not have -> formula."""
