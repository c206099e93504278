// Pairs (GLCM), dependence (GLDM) and tone differences (NGTDM) of parts, in one sweep: all three ask for a pixel's
// neighbours.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "coded.hpp"
#include "flags.hpp"
#include "parts.hpp"
#include "scratch.hpp"
#include "wide.hpp"

namespace perirad {

// Pixels of a cell, and below them in the same number the sum of their differences, at most 8 x 255 each: room for 2^26
// pixels.
constexpr int kCountShift = 37;
constexpr std::uint64_t kOnePixel = std::uint64_t{1} << kCountShift;

// For n pixels of a row: how many of the eight neighbours have the pixel's level, whether not all of them have it,
// and the difference of eight times the level and the sum of the neighbours' levels.
PERIRAD_WIDE static void look_around(const std::uint8_t* above, const std::uint8_t* here, const std::uint8_t* below,
                                     std::ptrdiff_t n, std::uint8_t* equal, std::uint8_t* uneven,
                                     std::uint16_t* differences) {
    for (std::ptrdiff_t c = 0; c < n; ++c) {
        const std::uint8_t g = here[c];
        const std::uint8_t same = static_cast<std::uint8_t>(
            (above[c - 1] == g) + (above[c] == g) + (above[c + 1] == g) + (here[c - 1] == g) + (here[c + 1] == g) +
            (below[c - 1] == g) + (below[c] == g) + (below[c + 1] == g));
        equal[c] = same;
        uneven[c] = same != 8;
    }
    for (std::ptrdiff_t c = 0; c < n; ++c) {
        const std::int16_t sum = static_cast<std::int16_t>(above[c - 1] + above[c] + above[c + 1] + here[c - 1] +
                                                           here[c + 1] + below[c - 1] + below[c] + below[c + 1]);
        const std::int16_t difference = static_cast<std::int16_t>(8 * here[c] - sum);
        differences[c] = static_cast<std::uint16_t>(difference < 0 ? -difference : difference);
    }
}

// Counts of parts or of regions, which come first in the shape. pairs: (., n_levels + 1, 4, n_levels + 1), pixels of
// level g whose next pixel in direction d has level h, wherever that lies. dependents: (., n_levels + 1, 9), pixels of
// level g with k equal neighbours. differences: (., n_levels + 1, 9), sums of |k g - sum of the neighbours' levels|
// over the pixels of level g with k neighbours.
struct Neighbourhood {
    std::vector<std::int32_t> pairs;
    std::vector<std::int64_t> dependents, differences;

    Neighbourhood(size_t n, size_t side)
        : pairs(n * side * kDirections * side), dependents(n * side * 9), differences(n * side * 9) {}
};

// Tables for the pixels of odd and of even columns, because equal pixels side by side would wait for each other.
struct SweepTables {
    size_t side, n_pairs, n_tones;
    std::vector<std::int32_t> pairs;
    std::vector<std::uint64_t> tones;

    SweepTables(size_t n_parts, size_t side)
        : side(side), n_pairs(n_parts * side * kDirections * side), n_tones(n_parts * side * 9), pairs(2 * n_pairs),
          tones(2 * n_tones) {}
};

inline void count_pixel(const std::uint8_t* here, const std::uint8_t* below, std::ptrdiff_t c, std::uint8_t equal,
                        std::uint16_t difference, size_t side, std::int32_t* pairs, std::uint64_t* tones) {
    const size_t g = here[c];
    std::int32_t* cells = pairs + g * kDirections * side;
    ++cells[here[c + 1]];
    ++cells[side + below[c]];
    ++cells[2 * side + below[c + 1]];
    ++cells[3 * side + below[c - 1]];
    tones[g * 9 + equal] += kOnePixel + difference;
}

// Where levels change seldom, only pixels with an unlike neighbour are counted.
inline void sweep_parts(const Parts& parts, const Coded& coded, SweepTables& tables) {
    const size_t side = coded.side(), plane = side * kDirections * side, columns = parts.columns;
    std::vector<std::uint8_t> equal(columns), uneven(columns + 1);
    std::vector<std::uint16_t> differences(columns);
    for_rows(parts, [&](const Segment* begin, const Segment* end) {
        const std::uint8_t* row = coded.levels + static_cast<size_t>(begin->row) * columns + begin->column;
        look_around(row - columns, row, row + columns, width_of(begin, end), equal.data(), uneven.data() + 1,
                    differences.data());
        for (const Segment* s = begin; s != end; ++s) {
            const std::ptrdiff_t first = s->column - begin->column, n = s->length;
            const std::uint8_t *here = row + first, *below = here + columns, *same = equal.data() + first;
            const std::uint16_t* of = differences.data() + first;
            std::int32_t* pairs = tables.pairs.data() + static_cast<size_t>(s->part) * plane;
            std::uint64_t* tones = tables.tones.data() + static_cast<size_t>(s->part) * side * 9;
            if (coded.even) {
                for_flags(uneven.data() + first, static_cast<size_t>(n) + 2, [&](size_t k) {
                    const std::ptrdiff_t c = static_cast<std::ptrdiff_t>(k) - 1;
                    count_pixel(here, below, c, same[c], of[c], side, pairs, tones);
                });
                continue;
            }
            std::ptrdiff_t c = 0;
            for (; c + 2 <= n; c += 2) {
                count_pixel(here, below, c, same[c], of[c], side, pairs, tones);
                count_pixel(here, below, c + 1, same[c + 1], of[c + 1], side, pairs + tables.n_pairs,
                            tones + tables.n_tones);
            }
            if (c < n) count_pixel(here, below, c, same[c], of[c], side, pairs, tones);
        }
    });
}

inline int sum_around(const std::uint8_t* here, std::ptrdiff_t columns) {
    const std::uint8_t *above = here - columns, *below = here + columns;
    return above[-1] + above[0] + above[1] + here[-1] + here[1] + below[-1] + below[0] + below[1];
}

// Pixels beside the outside have fewer neighbours than the sweep took them to have.
inline void correct_edges(const Parts& parts, const Coded& coded, std::vector<std::int64_t>& differences) {
    for (const Edge& edge : parts.edges) {
        const std::uint8_t* here = coded.levels + edge.place;
        const int sum = sum_around(here, static_cast<std::ptrdiff_t>(parts.columns)), level = *here;
        std::int64_t* cells = differences.data() + (static_cast<size_t>(edge.part) * coded.side() + *here) * 9;
        cells[8] -= std::abs(8 * level - sum);
        cells[edge.known] += std::abs(edge.known * level - sum);
    }
}

inline Neighbourhood count_neighbourhoods_of_parts(const Parts& parts, const Coded& coded) {
    const size_t side = coded.side();
    SweepTables tables(parts.n_parts, side);
    sweep_parts(parts, coded, tables);
    Neighbourhood found(parts.n_parts, side);
    for (size_t k = 0; k < tables.n_pairs; ++k) found.pairs[k] = tables.pairs[k] + tables.pairs[tables.n_pairs + k];
    for (size_t row = 0; row < parts.n_parts * side; ++row) {
        std::int64_t *dependents = found.dependents.data() + row * 9, *differences = found.differences.data() + row * 9;
        std::int64_t left = coded.of_parts[row];
        for (size_t k = 0; k < 9; ++k) {
            const std::uint64_t one = tables.tones[row * 9 + k], other = tables.tones[tables.n_tones + row * 9 + k];
            dependents[k] = static_cast<std::int64_t>((one >> kCountShift) + (other >> kCountShift));
            differences[8] += static_cast<std::int64_t>(one % kOnePixel + other % kOnePixel);
            left -= dependents[k];
        }
        // What the sweep passed over: pixels with eight equal neighbours.
        dependents[8] += left;
        const size_t level = row % side;
        for (size_t d = 0; d < kDirections; ++d) {
            found.pairs[(row * kDirections + d) * side + level] += static_cast<std::int32_t>(left);
        }
    }
    correct_edges(parts, coded, found.differences);
    return found;
}

}  // namespace perirad
