// Grey level runs in the four directions of the plane: (0,1), (1,0), (1,1), (1,-1).
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "flags.hpp"
#include "wide.hpp"

namespace perirad {

// Runs that reach a row: one more than `was`, the runs at the pixels before, where these have the same level.
PERIRAD_WIDE static void lengthen(const std::uint16_t* here, const std::uint16_t* before, const std::uint32_t* was,
                                  std::size_t n, std::uint32_t* lengths) {
    for (std::size_t c = 0; c < n; ++c) {
        const std::uint32_t same = static_cast<std::uint32_t>(-static_cast<std::int32_t>(before[c] == here[c]));
        lengths[c] = (was[c] & same) + 1;
    }
}

// Pixels within the region whose next one has another level.
PERIRAD_WIDE static void flag_ends(const std::uint16_t* here, const std::uint16_t* next, std::size_t n,
                                   std::uint8_t* flags) {
    for (std::size_t c = 0; c < n; ++c) flags[c] = (here[c] != 0) & (here[c] != next[c]);
}

// levels: (rows, columns) with a border of zeros, 0 outside the region. Calls `tell(row, down, right, left)` with the
// lengths of the runs of three directions up to and with each pixel of the row.
template <typename Tell>
void sweep_runs(const std::uint16_t* levels, std::size_t rows, std::size_t columns, const Tell& tell) {
    std::vector<std::uint32_t> lengths(6 * columns);
    std::uint32_t *now = lengths.data(), *was = now + 3 * columns;
    for (std::size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t *here = levels + r * columns, *above = here - columns;
        std::uint32_t *down = now, *right = now + columns, *left = right + columns;
        lengthen(here + 1, above + 1, was + 1, columns - 2, down + 1);
        lengthen(here + 1, above, was + columns, columns - 2, right + 1);
        lengthen(here + 1, above + 2, was + 2 * columns + 2, columns - 2, left + 1);
        tell(r, down, right, left);
        std::swap(now, was);
    }
}

// first: (n_levels + 1) place of the first cell of a level in `runs`; a row of cells has room for the longest run and
// one cell more. runs: (4, n_cells), zeroed; cell first[g] + k - 1 becomes the number of runs of level g with k pixels.
// Every pixel adds one to the runs that are as long as its own or longer, so that no run has to be closed.
inline void count_run_lengths(const std::uint16_t* levels, std::size_t rows, std::size_t columns,
                              const std::int64_t* first, std::size_t n_levels, std::size_t n_cells,
                              std::uint32_t* runs) {
    sweep_runs(levels, rows, columns, [&](std::size_t r, const auto* down, const auto* right, const auto* left) {
        const std::uint16_t* here = levels + r * columns;
        std::uint32_t across = 0;
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            const std::uint16_t g = here[c];
            if (g == 0) continue;
            across = (across & static_cast<std::uint32_t>(-static_cast<std::int32_t>(here[c - 1] == g))) + 1;
            std::uint32_t* cells = runs + first[g] - 1;
            ++cells[across];
            ++cells[n_cells + down[c]];
            ++cells[2 * n_cells + right[c]];
            ++cells[3 * n_cells + left[c]];
        }
    });
    for (std::size_t d = 0; d < 4; ++d) {
        for (std::size_t g = 1; g <= n_levels; ++g) {
            for (std::uint32_t* cell = runs + d * n_cells + first[g]; *cell != 0; ++cell) *cell -= cell[1];
        }
    }
}

// Calls `tell(direction, row, column, length)` at the last pixel of every run: quicker where runs are long.
template <typename Tell>
void for_run_ends(const std::uint16_t* levels, std::size_t rows, std::size_t columns, const Tell& tell) {
    std::vector<std::uint8_t> flags(columns);
    sweep_runs(levels, rows, columns, [&](std::size_t r, const auto* down, const auto* right, const auto* left) {
        const std::uint16_t *here = levels + r * columns, *below = here + columns;
        // Across, the length of a run is the way to where it began: pixels outside have runs too, which are left out.
        std::size_t begin = 1;
        flag_changes(here + 1, columns - 2, flags.data() + 1);
        for_flags(flags.data(), columns, [&](std::size_t c) {
            if (here[c] != 0) tell(std::size_t{0}, r, c, static_cast<std::uint32_t>(c + 1 - begin));
            begin = c + 1;
        });
        const std::uint16_t* const next[3] = {below, below + 1, below - 1};
        const std::uint32_t* const lengths[3] = {down, right, left};
        for (std::size_t k = 0; k < 3; ++k) {
            flag_ends(here + 1, next[k] + 1, columns - 2, flags.data() + 1);
            for_flags(flags.data(), columns, [&](std::size_t c) { tell(k + 1, r, c, lengths[k][c]); });
        }
    });
}

inline void count_run_ends(const std::uint16_t* levels, std::size_t rows, std::size_t columns,
                           const std::int64_t* first, std::size_t n_cells, std::uint32_t* runs) {
    for_run_ends(levels, rows, columns, [&](std::size_t d, std::size_t r, std::size_t c, std::uint32_t length) {
        ++runs[d * n_cells + static_cast<std::size_t>(first[levels[r * columns + c]]) + length - 1];
    });
}

inline void count_runs(const std::uint16_t* levels, std::size_t rows, std::size_t columns, const std::int64_t* first,
                       std::size_t n_levels, std::size_t n_cells, std::uint32_t* runs) {
    if (is_even(levels, rows * columns)) {
        count_run_ends(levels, rows, columns, first, n_cells, runs);
    } else {
        count_run_lengths(levels, rows, columns, first, n_levels, n_cells, runs);
    }
}

}  // namespace perirad
