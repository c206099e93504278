// Grey level runs in the four directions of the plane.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

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

// Calls `tell(c)` for every c from 1 to n - 2 at which `flags` is 1, else 0; eight flags at a time.
template <typename Tell>
void for_flags(const std::uint8_t* flags, std::size_t n, const Tell& tell) {
    std::size_t c = 1;
    for (; c + 9 <= n; c += 8) {
        std::uint64_t eight;
        std::memcpy(&eight, flags + c, 8);
        if (eight == 0) continue;
        for (std::size_t k = 0; k < 8; ++k) {
            if (flags[c + k]) tell(c + k);
        }
    }
    for (; c + 1 < n; ++c) {
        if (flags[c]) tell(c);
    }
}

// The same for pictures with long runs: lengths are carried along without a branch, and counted where runs end.
// lengths: (5, columns) scratch, zeroed; sides below 65,536. flags: (columns) scratch.
// runs: (4, n_cells), zeroed; cell first[g] + k - 1 becomes the number of runs of level g with k pixels.
inline void count_run_ends(const std::uint16_t* levels, std::size_t rows, std::size_t columns,
                           const std::int64_t* first, std::uint16_t* lengths, std::uint8_t* flags,
                           std::size_t n_cells, std::uint32_t* runs) {
    std::uint16_t* down = lengths;
    const auto flag = [&](const std::uint16_t* here, const std::uint16_t* next) {
        for (std::size_t c = 1; c + 1 < columns; ++c) flags[c] = (here[c] != 0) & (here[c] != next[c]);
    };
    for (std::size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t *here = levels + r * columns, *above = here - columns, *below = here + columns;
        std::uint16_t *right = lengths + (1 + r % 2) * columns, *left = right + 2 * columns;
        const std::uint16_t *was_right = lengths + (2 - r % 2) * columns, *was_left = was_right + 2 * columns;
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            down[c] = static_cast<std::uint16_t>((above[c] == here[c] ? down[c] : 0) + 1);
        }
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            right[c] = static_cast<std::uint16_t>((above[c - 1] == here[c] ? was_right[c - 1] : 0) + 1);
        }
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            left[c] = static_cast<std::uint16_t>((above[c + 1] == here[c] ? was_left[c + 1] : 0) + 1);
        }
        const auto counting = [&](const std::uint16_t* of, std::uint32_t* cells) {
            return [=](std::size_t c) { ++cells[first[here[c]] + of[c] - 1]; };
        };
        // Across, the length of a run is the way to where it began: pixels outside have runs too, which are left out.
        std::size_t begin = 1;
        for (std::size_t c = 1; c + 1 < columns; ++c) flags[c] = here[c] != here[c + 1];
        for_flags(flags, columns, [&](std::size_t c) {
            if (here[c] != 0) ++runs[first[here[c]] + static_cast<std::int64_t>(c - begin)];
            begin = c + 1;
        });
        flag(here, below);
        for_flags(flags, columns, counting(down, runs + n_cells));
        flag(here, below + 1);
        for_flags(flags, columns, counting(right, runs + 2 * n_cells));
        flag(here, below - 1);
        for_flags(flags, columns, counting(left, runs + 3 * n_cells));
    }
}

}  // namespace perirad
