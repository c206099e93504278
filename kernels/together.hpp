// All texture counts of one filtered image for regions that share pixels, as the non-zero cells of their matrices.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "firstorder.hpp"
#include "glcm.hpp"
#include "gldm.hpp"
#include "glrlm.hpp"
#include "glszm.hpp"
#include "levels.hpp"
#include "ngtdm.hpp"
#include "parts.hpp"
#include "seams.hpp"

namespace perirad {

constexpr size_t kMostCodes = 512;
constexpr size_t kSmallZone = 64;
// Share of equal neighbours from which runs are counted at their ends.
constexpr double kEven = 0.75;
constexpr size_t kLongestRun = 65535;

// Non-zero cells, ordered by matrix, row i and column j.
struct CellList {
    std::vector<std::int64_t> matrix, i, j;
    std::vector<double> n;

    void add(size_t of, std::int64_t row, std::int64_t column, std::int64_t count) {
        matrix.push_back(static_cast<std::int64_t>(of));
        i.push_back(row);
        j.push_back(column);
        n.push_back(static_cast<double>(count));
    }
};

// Levels common to all regions, and codes that tell level and part, both 0 outside.
struct Coded {
    size_t n_levels = 0;
    std::vector<double> values, ranges;
    std::vector<std::uint8_t> levels;
    std::vector<std::uint16_t> codes;
    // (n_parts, n_levels + 1) pixels of each part and level.
    std::vector<std::int64_t> of_parts;
    // (n_regions, n_levels + 1) pixels of each region and level; (n_regions) the lowest and the highest level.
    std::vector<std::int64_t> of_regions, first, last;
};

// statistics: (n_regions, firstorder::kStatistics). differences: (n_regions, n_levels + 1, 9).
struct Counts {
    std::vector<double> statistics;
    std::vector<std::int64_t> differences;
    CellList pairs, runs, zones, dependences;
};

// starts: (n_parts + 1) place of each part's first value.
// Returns false where regions cannot be counted together: more than 255 levels, more than 512 codes, or a region's
// minimum so near to an edge that its quotient rounds to the other side.
template <typename T>
bool code_picture(const Parts& parts, const T* picture, const std::int64_t* starts, double width, Coded& coded) {
    const size_t n_pixels = static_cast<size_t>(starts[parts.n_parts]);
    coded.values.resize(n_pixels);
    coded.ranges.resize(2 * parts.n_parts);
    gather(parts, picture, starts, coded.values.data());
    double lowest = HUGE_VAL, highest = -HUGE_VAL;
    for (size_t p = 0; p < parts.n_parts; ++p) {
        double* range = coded.ranges.data() + 2 * p;
        find_range(coded.values.data() + starts[p], static_cast<size_t>(starts[p + 1] - starts[p]), range);
        lowest = std::min(lowest, range[0]), highest = std::max(highest, range[1]);
    }
    const double base = std::floor(lowest / width), n_levels = std::floor(highest / width) - base + 1.0;
    const bool few = n_levels <= static_cast<double>(kMostLevels) &&
                     n_levels * static_cast<double>(parts.n_parts) <= static_cast<double>(kMostCodes);
    if (!few || !(std::fabs(base) <= 0x1p53) || !std::isfinite(highest - lowest)) return false;
    std::vector<std::uint8_t> of_parts(n_pixels);
    find_levels(coded.values.data(), n_pixels, width, base, n_levels, of_parts.data());
    if (std::memchr(of_parts.data(), 0, n_pixels) != nullptr) return false;

    coded.n_levels = static_cast<size_t>(n_levels);
    const size_t side = coded.n_levels + 1;
    coded.of_parts.resize(parts.n_parts * side);
    for (size_t p = 0; p < parts.n_parts; ++p) {
        count_levels(of_parts.data() + starts[p], static_cast<size_t>(starts[p + 1] - starts[p]),
                     coded.of_parts.data() + p * side);
    }
    coded.of_regions.resize(parts.n_regions * side);
    add_parts(parts, coded.of_parts.data(), side, coded.of_regions.data());
    coded.first.resize(parts.n_regions, 1);
    coded.last.resize(parts.n_regions, 0);
    for (size_t r = 0; r < parts.n_regions; ++r) {
        double minimum = HUGE_VAL;
        for (size_t p = 0; p < parts.n_parts; ++p) {
            if (parts.members[r * parts.n_parts + p]) minimum = std::min(minimum, coded.ranges[2 * p]);
        }
        if (minimum == HUGE_VAL) continue;
        const std::int64_t* counts = coded.of_regions.data() + r * side;
        while (counts[coded.first[r]] == 0) ++coded.first[r];
        for (size_t g = 1; g < side; ++g) {
            if (counts[g] > 0) coded.last[r] = static_cast<std::int64_t>(g);
        }
        if (std::floor(minimum / width) != base + static_cast<double>(coded.first[r] - 1)) return false;
    }
    coded.levels.resize(parts.rows * parts.columns);
    coded.codes.resize(parts.rows * parts.columns);
    place_levels(parts, of_parts.data(), starts, coded.n_levels, coded.levels.data(), coded.codes.data());
    return true;
}

// Returns the number of pixels whose right neighbour has the same level.
inline std::int64_t pairs_together(const Parts& parts, const Coded& coded, CellList& cells) {
    const size_t side = coded.n_levels + 1, plane = side * kDirections * side;
    std::vector<std::int32_t> of_parts(parts.n_parts * plane), of_regions(parts.n_regions * plane);
    count_pairs_of_parts(parts, coded.levels.data(), coded.n_levels, of_parts.data());
    add_parts(parts, of_parts.data(), plane, of_regions.data());
    part_pairs(parts, coded.levels.data(), coded.n_levels, of_regions.data());
    for (size_t r = 0; r < parts.n_regions; ++r) {
        const std::int32_t* table = of_regions.data() + r * plane;
        const size_t first = static_cast<size_t>(coded.first[r]), last = static_cast<size_t>(coded.last[r]);
        for (size_t d = 0; d < kDirections; ++d) {
            for (size_t g = first; g <= last; ++g) {
                for (size_t h = first; h <= last; ++h) {
                    const std::int64_t n = std::int64_t{table[(g * kDirections + d) * side + h]} +
                                           table[(h * kDirections + d) * side + g];
                    if (n == 0) continue;
                    cells.add(r * kDirections + d, static_cast<std::int64_t>(g - first) + 1,
                              static_cast<std::int64_t>(h - first) + 1, n);
                }
            }
        }
    }
    std::int64_t equal = 0;
    for (size_t p = 0; p < parts.n_parts; ++p) {
        for (size_t g = 1; g < side; ++g) equal += of_parts[p * plane + g * kDirections * side + g];
    }
    return equal;
}

// runs: (4, n_cells), zeroed; cell first[code] + k - 1 becomes the number of runs of a code with k pixels.
inline void runs_of_codes(const Parts& parts, const Coded& coded, const std::vector<std::int64_t>& first, bool even,
                          size_t n_cells, std::uint32_t* runs) {
    if (even) {
        std::vector<std::uint16_t> lengths(6 * parts.columns);
        std::vector<std::uint8_t> flags(parts.columns);
        count_run_ends(coded.codes.data(), parts.rows, parts.columns, first.data(), lengths.data(), flags.data(),
                       n_cells, runs);
        return;
    }
    std::vector<std::int32_t> previous(3 * parts.columns);
    count_runs(coded.codes.data(), parts.rows, parts.columns, first.data(), previous.data(), n_cells, runs);
    for (size_t d = 0; d < kDirections; ++d) {
        std::uint32_t* at_least = runs + d * n_cells;
        for (size_t code = 1; code < first.size(); ++code) {
            // The cell after the longest possible run is always 0.
            for (std::uint32_t* cell = at_least + first[code]; *cell != 0; ++cell) *cell -= cell[1];
        }
    }
}

inline void runs_together(const Parts& parts, const Coded& coded, bool even, CellList& cells) {
    const size_t side = coded.n_levels + 1, longest = std::max(parts.rows, parts.columns) - 2;
    std::vector<std::int64_t> first(parts.n_parts * coded.n_levels + 1);
    std::int64_t n_cells = 0;
    for (size_t code = 1; code < first.size(); ++code) {
        first[code] = n_cells;
        const size_t part = (code - 1) / coded.n_levels, level = (code - 1) % coded.n_levels + 1;
        n_cells += std::min(coded.of_parts[part * side + level], static_cast<std::int64_t>(longest)) + 1;
    }
    std::vector<std::uint32_t> of_codes(kDirections * static_cast<size_t>(n_cells));
    runs_of_codes(parts, coded, first, even && longest <= kLongestRun, static_cast<size_t>(n_cells), of_codes.data());
    const size_t row = longest + 1, plane = side * row;
    std::vector<std::int32_t> of_regions(parts.n_regions * kDirections * plane);
    join_runs(parts, coded.levels.data(), coded.codes.data(), coded.n_levels, longest, of_regions.data());
    for (size_t r = 0; r < parts.n_regions; ++r) {
        for (size_t d = 0; d < kDirections; ++d) {
            if (!parts.lines[r * kDirections + d]) continue;
            std::int32_t* const table = of_regions.data() + (r * kDirections + d) * plane;
            for (size_t p = 0; p < parts.n_parts; ++p) {
                if (!parts.members[r * parts.n_parts + p]) continue;
                for (size_t g = 1; g < side; ++g) {
                    const std::uint32_t* from = of_codes.data() + d * static_cast<size_t>(n_cells) +
                                                first[p * coded.n_levels + g];
                    std::int64_t left = coded.of_parts[p * side + g];
                    for (std::int64_t k = 1; left > 0; ++k) {
                        table[g * row + static_cast<size_t>(k)] += static_cast<std::int32_t>(from[k - 1]);
                        left -= k * from[k - 1];
                    }
                }
            }
            for (size_t g = 1; g < side; ++g) {
                std::int64_t left = coded.of_regions[r * side + g];
                for (std::int64_t k = 1; left > 0; ++k) {
                    const std::int64_t n = table[g * row + static_cast<size_t>(k)];
                    if (n == 0) continue;
                    left -= k * n;
                    cells.add(r * kDirections + d, static_cast<std::int64_t>(g) + 1 - coded.first[r], k, n);
                }
            }
        }
    }
}

// Adds up zones of one level and size; the small ones are in a table of shape (n_levels + 1, kSmallZone + 1).
inline void add_zones(const std::int32_t* small, std::vector<Zones>& large, size_t n_levels, size_t region,
                      std::int64_t shift, CellList& cells) {
    std::sort(large.begin(), large.end(), [](const Zones& a, const Zones& b) {
        return a.level != b.level ? a.level < b.level : a.size < b.size;
    });
    auto at = large.begin();
    for (std::int64_t g = 1; g <= static_cast<std::int64_t>(n_levels); ++g) {
        for (size_t size = 1; size <= kSmallZone; ++size) {
            const std::int64_t n = small[static_cast<size_t>(g) * (kSmallZone + 1) + size];
            if (n != 0) cells.add(region, g - shift, static_cast<std::int64_t>(size), n);
        }
        while (at != large.end() && at->level == g) {
            const std::int64_t size = at->size;
            std::int64_t n = 0;
            for (; at != large.end() && at->level == g && at->size == size; ++at) n += at->n;
            if (n != 0) cells.add(region, g - shift, size, n);
        }
    }
}

inline void zones_together(const Parts& parts, const Coded& coded, CellList& cells) {
    const size_t n_pixels = coded.values.size(), row = kSmallZone + 1;
    std::vector<std::int32_t> labels(coded.codes.size()), parent(n_pixels), size(n_pixels);
    std::vector<std::uint16_t> code_of(n_pixels);
    const std::int32_t n_labels = label_zones(coded.codes.data(), parts.rows, parts.columns, labels.data(),
                                              parts.rows, parent.data(), size.data(), code_of.data());
    const size_t plane = (coded.n_levels + 1) * row;
    std::vector<std::int32_t> of_parts(parts.n_parts * plane), of_regions(parts.n_regions * plane);
    std::vector<std::vector<Zones>> large(parts.n_parts);
    for (std::int32_t k = 0; k < n_labels; ++k) {
        if (parent[k] != k) continue;
        const size_t part = (code_of[k] - 1u) / coded.n_levels, level = (code_of[k] - 1u) % coded.n_levels + 1;
        if (static_cast<size_t>(size[k]) <= kSmallZone) {
            ++of_parts[part * plane + level * row + static_cast<size_t>(size[k])];
        } else {
            large[part].push_back({static_cast<std::int64_t>(level), size[k], 1});
        }
    }
    add_parts(parts, of_parts.data(), plane, of_regions.data());
    const std::vector<Touch> touches = find_touches(parts, coded.levels.data(), labels.data(), parent.data());
    std::vector<std::int32_t> joined(static_cast<size_t>(n_labels)), total(joined.size()), stamp(joined.size());
    std::vector<Zones> of_region;
    for (size_t r = 0; r < parts.n_regions; ++r) {
        of_region.clear();
        for (size_t p = 0; p < parts.n_parts; ++p) {
            if (!parts.members[r * parts.n_parts + p]) continue;
            of_region.insert(of_region.end(), large[p].begin(), large[p].end());
        }
        std::int32_t* small = of_regions.data() + r * plane;
        join_zones(touches, r, size.data(), joined.data(), total.data(), stamp.data(), [&](const Zones& zones) {
            if (static_cast<size_t>(zones.size) <= kSmallZone) {
                small[static_cast<size_t>(zones.level) * row + static_cast<size_t>(zones.size)] +=
                    static_cast<std::int32_t>(zones.n);
            } else {
                of_region.push_back(zones);
            }
        });
        add_zones(small, of_region, coded.n_levels, r, coded.first[r] - 1, cells);
    }
}

inline void neighbours_together(const Parts& parts, const Coded& coded, Counts& counts) {
    const size_t plane = (coded.n_levels + 1) * 9;
    const std::uint8_t* levels = coded.levels.data();
    std::vector<std::int64_t> of_parts(parts.n_parts * plane), dependents(parts.n_regions * plane);
    std::vector<std::uint8_t> equal(parts.columns);
    count_dependents_of_parts(parts, levels, coded.n_levels, equal.data(), of_parts.data());
    add_parts(parts, of_parts.data(), plane, dependents.data());
    std::fill(of_parts.begin(), of_parts.end(), 0);
    std::vector<std::uint16_t> differences(parts.columns);
    sum_differences_of_parts(parts, levels, coded.n_levels, differences.data(), of_parts.data());
    counts.differences.resize(parts.n_regions * plane);
    add_parts(parts, of_parts.data(), plane, counts.differences.data());
    part_neighbours(parts, levels, coded.n_levels, dependents.data(), counts.differences.data());
    for (size_t r = 0; r < parts.n_regions; ++r) {
        for (size_t g = 1; g <= coded.n_levels; ++g) {
            for (size_t k = 0; k < 9; ++k) {
                const std::int64_t n = dependents[r * plane + g * 9 + k];
                if (n == 0) continue;
                counts.dependences.add(r, static_cast<std::int64_t>(g) + 1 - coded.first[r],
                                       static_cast<std::int64_t>(k) + 1, n);
            }
        }
    }
}

inline Counts count_together(const Parts& parts, const Coded& coded, const std::int64_t* starts) {
    Counts counts;
    counts.statistics.resize(parts.n_regions * firstorder::kStatistics, std::nan(""));
    firstorder::measure_regions(coded.values.data(), starts, coded.ranges.data(), parts.n_parts, parts.members,
                                parts.n_regions, counts.statistics.data());
    const std::int64_t equal = pairs_together(parts, coded, counts.pairs);
    const bool even = static_cast<double>(equal) > kEven * static_cast<double>(coded.values.size());
    runs_together(parts, coded, even, counts.runs);
    zones_together(parts, coded, counts.zones);
    neighbours_together(parts, coded, counts);
    return counts;
}

}  // namespace perirad
