// Grey level runs in the four directions of the plane.
#pragma once
#include <cstddef>
#include <cstdint>

namespace perirad {

// levels: (rows, columns) with a border of zeros, 0 outside the region.
// first: (n_levels + 1) place of the first cell of a level in `at_least`.
// previous: (3, columns) scratch.
// at_least: (4, n_cells), zeroed; cell first[g] + k - 1 becomes the number of runs of level g with k pixels or more,
// directions (0,1), (1,0), (1,1), (1,-1). A run adds one to each of its lengths on the way, so no run has to be closed.
inline void count_runs(const std::uint16_t* levels, std::size_t rows, std::size_t columns, const std::int64_t* first,
                       std::int32_t* previous, std::size_t n_cells, std::uint32_t* at_least) {
    std::int32_t* down = previous;
    std::int32_t* right_down = previous + columns;
    std::int32_t* left_down = previous + 2 * columns;
    for (std::size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t* here = levels + r * columns;
        const std::uint16_t* above = here - columns;
        std::int32_t across = 0, above_left = right_down[0];
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            const std::uint16_t g = here[c];
            const std::int32_t diagonal = above_left;
            above_left = right_down[c];
            if (g == 0) continue;
            across = (here[c - 1] == g ? across : 0) + 1;
            down[c] = (above[c] == g ? down[c] : 0) + 1;
            right_down[c] = (above[c - 1] == g ? diagonal : 0) + 1;
            left_down[c] = (above[c + 1] == g ? left_down[c + 1] : 0) + 1;
            std::uint32_t* cells = at_least + first[g] - 1;
            ++cells[across];
            ++cells[n_cells + down[c]];
            ++cells[2 * n_cells + right_down[c]];
            ++cells[3 * n_cells + left_down[c]];
        }
    }
}

}  // namespace perirad
