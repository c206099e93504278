// Local binary patterns: which of eight points on a circle of one pixel are as bright as the centre.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace perirad {

// top, left, bottom, right: wanted part of the picture. padded: (bottom - top + 2, right - left + 2), that part and the
// pixels around it, 0 outside the picture. share: (2, right) scratch. out: (bottom - top, right - left): the number of
// points at least as bright as the centre where they lie side by side (at most two changes around the circle, its end
// not joined to its start), else 9 (Ojala 2002, doi:10.1109/TPAMI.2002.1017623).
// Points between pixels are interpolated at 0.70711 down and across. That sum is formed about the pixel's own row and
// column number, as scikit-image does: in flat tissue it decides whether a point is as bright as the centre.
inline void binary_patterns(const double* padded, std::size_t top, std::size_t left, std::size_t bottom,
                            std::size_t right, double* share, double* out) {
    constexpr double kDiagonal = 0.70711;
    const auto after = [](std::size_t at) { return (static_cast<double>(at) + kDiagonal) - static_cast<double>(at); };
    const auto before = [](std::size_t at) {
        return (static_cast<double>(at) - kDiagonal) - (static_cast<double>(at) - 1.0);
    };
    const std::size_t wide = right - left + 2;
    double *rightward = share, *leftward = share + right;
    for (std::size_t c = left; c < right; ++c) rightward[c] = after(c), leftward[c] = before(c);
    for (std::size_t r = top; r < bottom; ++r) {
        const double downward = after(r), upward = before(r);
        const double* here = padded + (r - top + 1) * wide + 1;
        double* to = out + (r - top) * (right - left);
        for (std::size_t c = left; c < right; ++c) {
            const double *p = here + (c - left), *above = p - wide, *below = p + wide;
            const double e = rightward[c], w = leftward[c], centre = p[0];
            const auto mix = [](double of_b, double a, double b) { return (1.0 - of_b) * a + of_b * b; };
            const double points[8] = {
                p[1],
                mix(upward, mix(e, above[0], above[1]), mix(e, p[0], p[1])),
                above[0],
                mix(upward, mix(w, above[-1], above[0]), mix(w, p[-1], p[0])),
                p[-1],
                mix(downward, mix(w, p[-1], p[0]), mix(w, below[-1], below[0])),
                below[0],
                mix(downward, mix(e, p[0], p[1]), mix(e, below[0], below[1])),
            };
            int bright = 0, changes = 0, previous = 0;
            for (int i = 0; i < 8; ++i) {
                const int now = points[i] - centre >= 0.0;
                bright += now;
                changes += i > 0 && now != previous;
                previous = now;
            }
            to[c - left] = changes <= 2 ? bright : 9.0;
        }
    }
}

}  // namespace perirad
