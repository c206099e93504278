// Grey level runs in the four directions of the plane.
#pragma once
#include <cstddef>
#include <cstdint>

#include "flags.hpp"
#include "wide.hpp"

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

// Runs that reach a row: one more than `was`, the runs at the pixels before, where these have the same level.
PERIRAD_WIDE static void lengthen(const std::uint16_t* here, const std::uint16_t* before, const std::uint16_t* was,
                                  std::size_t n, std::uint16_t* lengths) {
    for (std::size_t c = 0; c < n; ++c) {
        lengths[c] = static_cast<std::uint16_t>((before[c] == here[c] ? was[c] : 0) + 1);
    }
}

// Pixels within the region whose next one has another level.
PERIRAD_WIDE static void flag_ends(const std::uint16_t* here, const std::uint16_t* next, std::size_t n,
                                   std::uint8_t* flags) {
    for (std::size_t c = 0; c < n; ++c) flags[c] = (here[c] != 0) & (here[c] != next[c]);
}

// Pixels whose next one has another level, pixels outside included.
PERIRAD_WIDE static void flag_changes(const std::uint16_t* here, std::size_t n, std::uint8_t* flags) {
    for (std::size_t c = 0; c < n; ++c) flags[c] = here[c] != here[c + 1];
}

// The same for pictures with long runs: lengths are carried along without a branch, and counted where runs end.
// lengths: (6, columns) scratch, zeroed; sides below 65,536. flags: (columns) scratch.
// runs: (4, n_cells), zeroed; cell first[g] + k - 1 becomes the number of runs of level g with k pixels.
inline void count_run_ends(const std::uint16_t* levels, std::size_t rows, std::size_t columns,
                           const std::int64_t* first, std::uint16_t* lengths, std::uint8_t* flags,
                           std::size_t n_cells, std::uint32_t* runs) {
    const std::size_t n = columns - 2;
    for (std::size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t *here = levels + r * columns, *above = here - columns, *below = here + columns;
        std::uint16_t* down = lengths + r % 2 * columns;
        std::uint16_t *right = down + 2 * columns, *left = right + 2 * columns;
        const std::uint16_t* was_down = lengths + (1 - r % 2) * columns;
        const std::uint16_t *was_right = was_down + 2 * columns, *was_left = was_right + 2 * columns;
        lengthen(here + 1, above + 1, was_down + 1, n, down + 1);
        lengthen(here + 1, above, was_right, n, right + 1);
        lengthen(here + 1, above + 2, was_left + 2, n, left + 1);
        // Across, the length of a run is the way to where it began: pixels outside have runs too, which are left out.
        std::size_t begin = 1;
        flag_changes(here + 1, n, flags + 1);
        for_flags(flags, columns, [&](std::size_t c) {
            if (here[c] != 0) ++runs[first[here[c]] + static_cast<std::int64_t>(c - begin)];
            begin = c + 1;
        });
        const auto counting = [&](const std::uint16_t* next, const std::uint16_t* of, std::uint32_t* cells) {
            flag_ends(here + 1, next + 1, n, flags + 1);
            for_flags(flags, columns, [=](std::size_t c) { ++cells[first[here[c]] + of[c] - 1]; });
        };
        counting(below, down, runs + n_cells);
        counting(below + 1, right, runs + 2 * n_cells);
        counting(below - 1, left, runs + 3 * n_cells);
    }
}

}  // namespace perirad
