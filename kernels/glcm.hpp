// Grey level co-occurrence: pairs of neighbouring levels in the four directions of the plane.
#pragma once
#include <cstddef>
#include <cstdint>

namespace perirad {

// levels: (rows, columns) with a border of zeros, 0 outside the region.
// pairs: (4, n_levels + 1, n_levels + 1), zeroed; directions (0,1), (1,0), (1,1), (1,-1). Pairs with level 0 are
// counted too, which spares a branch for each neighbour; the caller leaves row and column 0 out.
inline void count_pairs(const std::uint16_t* levels, std::size_t rows, std::size_t columns, std::size_t n_levels,
                        std::uint32_t* pairs) {
    const std::size_t side = n_levels + 1, plane = side * side;
    for (std::size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t* here = levels + r * columns;
        const std::uint16_t* below = here + columns;
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            if (here[c] == 0) continue;
            std::uint32_t* row = pairs + here[c] * side;
            ++row[here[c + 1]];
            ++row[plane + below[c]];
            ++row[2 * plane + below[c + 1]];
            ++row[3 * plane + below[c - 1]];
        }
    }
}

}  // namespace perirad
