// Grey level co-occurrence: pairs of neighbouring levels in the four directions of the plane.
#pragma once
#include <cstddef>
#include <cstdint>

#include "parts.hpp"

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

// levels: (parts.rows, parts.columns), 0 outside.
// pairs: (n_parts, n_levels + 1, 4, n_levels + 1), zeroed; cell (p, g, d, h) becomes the number of pixels of part p and
// level g whose next pixel in direction d has level h, in whatever part it lies.
inline void count_pairs_of_parts(const Parts& parts, const std::uint8_t* levels, std::size_t n_levels,
                                 std::int32_t* pairs) {
    const std::size_t side = n_levels + 1, row = kDirections * side;
    for (const Segment* s = parts.segments; s != parts.segments + parts.n_segments; ++s) {
        const std::uint8_t* here = levels + static_cast<std::size_t>(s->row) * parts.columns + s->column;
        const std::uint8_t* below = here + parts.columns;
        std::int32_t* table = pairs + static_cast<std::size_t>(s->part) * side * row;
        for (std::ptrdiff_t c = 0; c < s->length; ++c) {
            std::int32_t* cells = table + here[c] * row;
            ++cells[here[c + 1]];
            ++cells[side + below[c]];
            ++cells[2 * side + below[c + 1]];
            ++cells[3 * side + below[c - 1]];
        }
    }
}

}  // namespace perirad
