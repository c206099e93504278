// Length of the gradient, from central differences.
#pragma once
#include <cmath>
#include <cstddef>

namespace perirad {

// near: (rows + 2, columns + 2), the pixels and those around them. down, across: what the differences along the two
// axes are multiplied by, half of 1 / spacing. out: (rows, columns).
inline void gradient_lengths(const double* near, std::size_t rows, std::size_t columns, double down, double across,
                             float* out) {
    const std::size_t wide = columns + 2;
    for (std::size_t r = 0; r < rows; ++r) {
        const double *above = near + r * wide + 1, *here = above + wide, *below = here + wide;
        float* to = out + r * columns;
        for (std::size_t c = 0; c < columns; ++c) {
            const double vertical = below[c] * down - above[c] * down;
            const double horizontal = here[c + 1] * across - here[c - 1] * across;
            to[c] = static_cast<float>(std::sqrt(horizontal * horizontal + vertical * vertical));
        }
    }
}

}  // namespace perirad
