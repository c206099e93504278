// A filtered image in grey levels: those that all its regions have in common, and codes that tell level and part.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "flags.hpp"
#include "levels.hpp"
#include "parts.hpp"
#include "scratch.hpp"

namespace perirad {

constexpr size_t kMostCodes = 512;

// The parts' values one after the other, row by row, and the lowest and the highest of each part.
template <typename T>
struct Values {
    const T* all = nullptr;
    std::vector<double> lowest, highest;
};

template <typename T>
Values<T> gather(const Parts& parts, const T* picture, Scratch<T>& kept) {
    T* const all = kept.take(parts.n_pixels());
    T* to[kMostRegions];
    std::vector<Range<T>> ranges(parts.n_parts);
    for (size_t p = 0; p < parts.n_parts; ++p) to[p] = all + parts.starts[p];
    for (const Segment& s : parts.segments) {
        const T* from = picture + (parts.top + static_cast<size_t>(s.row - 1)) * parts.picture_columns + parts.left +
                        static_cast<size_t>(s.column - 1);
        copy_values(from, static_cast<size_t>(s.length), to[s.part], ranges[static_cast<size_t>(s.part)]);
        to[s.part] += s.length;
    }
    Values<T> values{all, {}, {}};
    for (const Range<T>& range : ranges) {
        values.lowest.push_back(range.lowest());
        values.highest.push_back(range.highest());
    }
    return values;
}

// Both pictures have the parts' shape, and are 0 outside: levels, and codes, level + n_levels * part.
// of_parts, of_regions: (n_parts, n_regions; n_levels + 1) pixels of each level. first, last: (n_regions), the lowest
// and the highest level, 1 and 0 in a region without pixels.
struct Coded {
    size_t n_levels = 0;
    bool even = false;  // whether levels change seldom
    const std::uint8_t* levels = nullptr;
    const std::uint16_t* codes = nullptr;
    std::vector<std::int64_t> of_parts, of_regions, first, last;

    size_t side() const { return n_levels + 1; }
};

struct CodedScratch {
    Scratch<std::uint8_t> levels;
    Scratch<std::uint16_t> codes;
};

inline void find_first_and_last(const Parts& parts, Coded& coded) {
    coded.first.assign(parts.n_regions, 1);
    coded.last.assign(parts.n_regions, 0);
    for (size_t r = 0; r < parts.n_regions; ++r) {
        const std::int64_t* counts = coded.of_regions.data() + r * coded.side();
        for (size_t g = coded.n_levels; g >= 1; --g) {
            if (counts[g] == 0) continue;
            coded.first[r] = static_cast<std::int64_t>(g);
            if (coded.last[r] == 0) coded.last[r] = coded.first[r];
        }
    }
}

// of_parts: (n_parts, n_cells). of_regions: (n_regions, n_cells), zeroed; becomes the sum of each region's parts.
template <typename T>
void add_parts(const Parts& parts, const T* of_parts, size_t n_cells, T* of_regions) {
    for (size_t r = 0; r < parts.n_regions; ++r) {
        for (size_t p = 0; p < parts.n_parts; ++p) {
            if (!parts.holds(r, p)) continue;
            const T* from = of_parts + p * n_cells;
            T* to = of_regions + r * n_cells;
            for (size_t k = 0; k < n_cells; ++k) to[k] += from[k];
        }
    }
}

// Returns false where a value has no level: it is not a number.
template <typename T, typename Bins>
bool code_values(const Parts& parts, const T* values, const Bins& bins, CodedScratch& kept, Coded& coded) {
    const size_t n_pixels = parts.rows * parts.columns;
    std::uint8_t* const levels = kept.levels.take(n_pixels);
    std::uint16_t* const codes = kept.codes.take(n_pixels);
    std::fill(levels, levels + n_pixels, std::uint8_t{0});
    std::fill(codes, codes + n_pixels, std::uint16_t{0});
    coded.n_levels = static_cast<size_t>(bins.n_levels), coded.levels = levels, coded.codes = codes;
    std::vector<LevelCounts> counts(parts.n_parts);
    const T* from[kMostRegions];
    for (size_t p = 0; p < parts.n_parts; ++p) from[p] = values + parts.starts[p];
    size_t n_equal = 0;
    for (const Segment& s : parts.segments) {
        const size_t at = static_cast<size_t>(s.row) * parts.columns + static_cast<size_t>(s.column);
        const size_t n = static_cast<size_t>(s.length), part = static_cast<size_t>(s.part);
        find_levels(bins, from[part], n, levels + at);
        shift_levels(levels + at, n, static_cast<std::uint16_t>(part * coded.n_levels), codes + at);
        counts[part].add(levels + at, n);
        n_equal += count_equal(levels + at, n);
        from[part] += n;
    }
    coded.even = static_cast<double>(n_equal) > kEven * static_cast<double>(parts.n_pixels());
    coded.of_parts.assign(parts.n_parts * coded.side(), 0);
    coded.of_regions.assign(parts.n_regions * coded.side(), 0);
    for (size_t p = 0; p < parts.n_parts; ++p) {
        if (counts[p].of(0) != 0) return false;
        for (size_t g = 1; g <= coded.n_levels; ++g) coded.of_parts[p * coded.side() + g] = counts[p].of(g);
    }
    add_parts(parts, coded.of_parts.data(), coded.side(), coded.of_regions.data());
    find_first_and_last(parts, coded);
    return true;
}

inline bool few_codes(const Parts& parts, double n_levels) {
    return n_levels <= static_cast<double>(kMostLevels) &&
           n_levels * static_cast<double>(parts.n_parts) <= static_cast<double>(kMostCodes);
}

// Returns false where regions cannot be counted together: more than 255 levels, more than 512 codes, or a region's
// minimum so near to an edge that its quotient rounds to the other side.
template <typename T>
bool code_by_width(const Parts& parts, const Values<T>& values, double width, CodedScratch& kept, Coded& coded) {
    const double lowest = *std::min_element(values.lowest.begin(), values.lowest.end());
    const double highest = *std::max_element(values.highest.begin(), values.highest.end());
    const double base = std::floor(lowest / width), n_levels = std::floor(highest / width) - base + 1.0;
    if (!few_codes(parts, n_levels) || !(std::fabs(base) <= 0x1p53) || !std::isfinite(highest - lowest)) return false;
    const FixedWidth bins{width, base, n_levels};
    const bool all = ExactWidth::holds(bins)
                         ? code_values(parts, values.all, ExactWidth{width, base, n_levels}, kept, coded)
                         : code_values(parts, values.all, bins, kept, coded);
    if (!all) return false;
    for (size_t r = 0; r < parts.n_regions; ++r) {
        double minimum = HUGE_VAL;
        for (size_t p = 0; p < parts.n_parts; ++p) {
            if (parts.holds(r, p)) minimum = std::min(minimum, values.lowest[p]);
        }
        if (minimum == HUGE_VAL) continue;
        if (std::floor(minimum / width) != base + static_cast<double>(coded.first[r] - 1)) return false;
    }
    return true;
}

// Edges of bins between two values, to which one half is added on both sides where they are equal; rounded to the
// picture's precision, as PyRadiomics has them. Empty where two edges are equal or a value is not finite.
template <typename T>
std::vector<double> edges_between(double lowest, double highest, size_t count) {
    if (lowest == highest) lowest -= 0.5, highest += 0.5;
    const double step = (highest - lowest) / static_cast<double>(count);
    std::vector<double> edges;
    for (size_t k = 0; k < count; ++k) edges.push_back(static_cast<double>(k) * step + lowest);
    edges.push_back(highest);
    for (double& edge : edges) edge = static_cast<double>(static_cast<T>(edge));
    for (size_t k = 0; k < count; ++k) {
        if (!(edges[k] < edges[k + 1])) return {};
    }
    return edges;
}

// Levels of a single region, from 1 even where there is no pixel of that level.
template <typename T>
bool code_by_edges(const Parts& parts, const Values<T>& values, const std::vector<double>& edges, CodedScratch& kept,
                   Coded& coded) {
    const double lowest = values.lowest[0], highest = values.highest[0];
    const double n_levels = static_cast<double>(edges.size() - 1);
    const bool flat = lowest == highest;
    const double start = flat ? lowest - 0.5 : lowest, stop = flat ? highest + 0.5 : highest;
    const FixedCount bins{start, n_levels / (stop - start), n_levels, edges.data()};
    const bool all = code_values(parts, values.all, bins, kept, coded);
    coded.first.assign(parts.n_regions, 1);
    return all;
}

}  // namespace perirad
