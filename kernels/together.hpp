// All texture counts of one filtered image for regions that share pixels, as the non-zero cells of their matrices.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
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
    bool even = false;  // whether levels change seldom
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
    coded.even = is_even(coded.codes.data(), coded.codes.size());
    return true;
}

inline void pairs_together(const Parts& parts, const Coded& coded, CellList& cells) {
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
}

// first: (n_codes + 2) where the runs of a code begin, and the end, in a table with room for as many pixels as the code has, or as the
// picture's longer side, and one cell more. Returns the number of cells.
inline size_t lay_out_runs(const Parts& parts, const Coded& coded, std::vector<std::int64_t>& first) {
    const std::int64_t longest = static_cast<std::int64_t>(std::max(parts.rows, parts.columns)) - 2;
    std::int64_t n_cells = 0;
    first.push_back(0);
    for (size_t p = 0; p < parts.n_parts; ++p) {
        for (size_t g = 1; g <= coded.n_levels; ++g) {
            first.push_back(n_cells);
            n_cells += std::min(coded.of_parts[p * (coded.n_levels + 1) + g], longest) + 1;
        }
    }
    first.push_back(n_cells);
    return static_cast<size_t>(n_cells);
}

// Runs of one region, direction and level. of_codes: the runs of that direction.
inline void add_runs(const Parts& parts, const Coded& coded, const std::uint32_t* of_codes,
                     const std::vector<std::int64_t>& first, RunChanges& changes, size_t r, size_t d, size_t g,
                     CellList& cells) {
    const std::uint32_t *next[kMostRegions], *end[kMostRegions];
    size_t n_rows = 0;
    for (size_t p = 0; p < parts.n_parts; ++p) {
        if (!parts.members[r * parts.n_parts + p]) continue;
        const size_t code = p * coded.n_levels + g;
        next[n_rows] = of_codes + first[code];
        end[n_rows++] = of_codes + first[code + 1];
    }
    std::int64_t left = coded.of_regions[r * (coded.n_levels + 1) + g];
    for (size_t length = 1; left > 0; ++length) {
        std::int64_t n = length <= changes.longest() ? changes.at(d, g, length)[r * changes.of_region()] : 0;
        for (size_t k = 0; k < n_rows; ++k) {
            if (next[k] != end[k]) n += *next[k]++;
        }
        if (n == 0) continue;
        left -= static_cast<std::int64_t>(length) * n;
        cells.add(r * kDirections + d, static_cast<std::int64_t>(g) + 1 - coded.first[r],
                  static_cast<std::int64_t>(length), n);
    }
}

inline void runs_together(const Parts& parts, const Coded& coded, CellList& cells) {
    const size_t side = coded.n_levels + 1;
    std::vector<std::int64_t> first;
    const size_t n_cells = lay_out_runs(parts, coded, first);
    std::vector<std::uint32_t> of_codes(kDirections * n_cells);
    RunChanges changes(parts.n_regions, coded.n_levels);
    const std::uint16_t* codes = coded.codes.data();
    if (coded.even) {
        count_and_join_runs(parts, coded.levels.data(), codes, first.data(), n_cells, of_codes.data(), changes);
    } else {
        count_run_lengths(codes, parts.rows, parts.columns, first.data(), first.size() - 2, n_cells, of_codes.data());
        join_runs(parts, coded.levels.data(), codes, changes);
    }
    for (size_t r = 0; r < parts.n_regions; ++r) {
        for (size_t d = 0; d < kDirections; ++d) {
            if (!parts.lines[r * kDirections + d]) continue;
            for (size_t g = 1; g < side; ++g) {
                add_runs(parts, coded, of_codes.data() + d * n_cells, first, changes, r, d, g, cells);
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
    // Not zeroed: as many labels are written as there are zones and pieces of zones, and no others read.
    const std::unique_ptr<std::int32_t[]> labels(new std::int32_t[coded.codes.size()]);
    const std::unique_ptr<std::int32_t[]> parent(new std::int32_t[n_pixels]), size(new std::int32_t[n_pixels]);
    const std::unique_ptr<std::uint16_t[]> code_of(new std::uint16_t[n_pixels]);
    ZoneLabels found{parent.get(), size.get(), code_of.get()};
    if (coded.even) {
        label_runs(coded.codes.data(), parts.rows, parts.columns, labels.get(), found);
    } else {
        label_pixels(coded.codes.data(), parts.rows, parts.columns, labels.get(), parts.rows, found);
    }
    const std::int32_t n_labels = found.n;
    const size_t plane = (coded.n_levels + 1) * row;
    std::vector<std::int32_t> of_parts(parts.n_parts * plane), of_regions(parts.n_regions * plane);
    std::vector<std::vector<Zones>> large(parts.n_parts);
    std::vector<size_t> rows_of_codes(1);
    for (size_t p = 0; p < parts.n_parts; ++p) {
        for (size_t g = 1; g <= coded.n_levels; ++g) rows_of_codes.push_back(p * plane + g * row);
    }
    for (std::int32_t k = 0; k < n_labels; ++k) {
        if (parent[k] != k) continue;
        const std::uint32_t pixels = static_cast<std::uint32_t>(size[k]);
        if (pixels <= kSmallZone) {
            ++of_parts[rows_of_codes[code_of[k]] + pixels];
        } else {
            const size_t part = (code_of[k] - 1u) / coded.n_levels, level = (code_of[k] - 1u) % coded.n_levels + 1;
            large[part].push_back({static_cast<std::int64_t>(level), size[k], 1});
        }
    }
    add_parts(parts, of_parts.data(), plane, of_regions.data());
    const std::vector<Touch> touches = find_touches(parts, coded.levels.data(), labels.get(), parent.get());
    std::vector<std::int32_t> joined(static_cast<size_t>(n_labels)), total(joined.size()), stamp(joined.size());
    std::vector<Zones> of_region;
    for (size_t r = 0; r < parts.n_regions; ++r) {
        of_region.clear();
        for (size_t p = 0; p < parts.n_parts; ++p) {
            if (!parts.members[r * parts.n_parts + p]) continue;
            of_region.insert(of_region.end(), large[p].begin(), large[p].end());
        }
        std::int32_t* small = of_regions.data() + r * plane;
        join_zones(touches, r, size.get(), joined.data(), total.data(), stamp.data(), [&](const Zones& zones) {
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
    pairs_together(parts, coded, counts.pairs);
    runs_together(parts, coded, counts.runs);
    zones_together(parts, coded, counts.zones);
    neighbours_together(parts, coded, counts);
    return counts;
}

}  // namespace perirad
