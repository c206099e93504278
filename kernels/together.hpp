// All texture counts of a filtered image for regions that share pixels, as the non-zero cells of their matrices. The
// pixels of a part are counted once, for all regions that it belongs to; along the seams, where a pixel's neighbour
// belongs to another part, the counts are put right.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "cell_list.hpp"
#include "coded.hpp"
#include "firstorder.hpp"
#include "neighbourhood.hpp"
#include "parts.hpp"
#include "together_runs.hpp"
#include "together_zones.hpp"

namespace perirad {

// Of all images: statistics (n_images, n_regions, kStatistics), NaN in a region without pixels; highest level, and
// entropy (bits) and uniformity of the levels, of each region. tones: level i, its pixels j and their summed
// difference.
struct Counts {
    std::vector<double> statistics, entropy, uniformity;
    std::vector<std::int64_t> n_levels, n_pixels;
    CellList pairs, runs, zones, dependences, tones;

    // The cells that follow are those of one region's or one image's matrices, `region` being the first.
    void begin(size_t region) {
        pairs.first = runs.first = kDirections * region;
        zones.first = dependences.first = tones.first = region;
    }

    void add_empty() {
        n_pixels.push_back(0), n_levels.push_back(0);
        entropy.push_back(std::nan("")), uniformity.push_back(std::nan(""));
    }
};

// What a thread keeps from one image to the next.
template <typename T>
struct TogetherScratch {
    Scratch<T> values;
    firstorder::FirstorderScratch<T> firstorder;
    CodedScratch coded;
    ZoneScratch zones;

    void trim() {
        values.trim(), firstorder.trim();
        coded.levels.trim(), coded.codes.trim();
        zones.labels.trim(), zones.parent.trim(), zones.size.trim(), zones.code_of.trim();
    }
};

// Pairs of which a region holds the first pixel only are taken out.
inline void part_pairs(const Parts& parts, const Coded& coded, std::int32_t* pairs) {
    const size_t side = coded.side(), plane = side * kDirections * side;
    for (const Crossing& crossing : parts.crossings) {
        const std::ptrdiff_t p = crossing.place;
        const size_t direction = static_cast<size_t>(crossing.direction);
        const std::ptrdiff_t q = p + parts.step(direction);
        std::int32_t* cell = pairs + (coded.levels[p] * kDirections + direction) * side + coded.levels[q];
        unsigned regions = parts.owners[p] & ~static_cast<unsigned>(parts.owners[q]);
        for (; regions != 0; regions >>= 1, cell += plane) *cell -= static_cast<std::int32_t>(regions & 1);
    }
}

// Pixels on a seam are counted anew with the neighbours that a region holds.
inline void part_neighbours(const Parts& parts, const Coded& coded, Neighbourhood& regions_of) {
    const std::ptrdiff_t w = static_cast<std::ptrdiff_t>(parts.columns);
    const std::ptrdiff_t around[8] = {-w - 1, -w, -w + 1, -1, 1, w - 1, w, w + 1};
    for (const Seam& seam : parts.seams) {
        const std::uint8_t* here = coded.levels + seam.place;
        const int level = *here;
        int equal = 0, known = 0, sum = 0, inner_equal = 0, inner_known = 0, inner_sum = 0;
        for (int k = 0; k < 8; ++k) {
            const int other = here[around[k]], inside = seam.inside >> k & 1;
            const int same = other == level;
            equal += same, known += other != 0, sum += other;
            inner_equal += inside & same, inner_known += inside, inner_sum += inside * other;
        }
        const std::int64_t difference = std::abs(known * level - sum);
        const std::int64_t inner_difference = std::abs(inner_known * level - inner_sum);
        unsigned regions = static_cast<unsigned>(seam.regions);
        for (size_t row = static_cast<size_t>(level) * 9; regions != 0; regions >>= 1, row += coded.side() * 9) {
            if (!(regions & 1)) continue;
            --regions_of.dependents[row + static_cast<size_t>(equal)];
            ++regions_of.dependents[row + static_cast<size_t>(inner_equal)];
            regions_of.differences[row + static_cast<size_t>(known)] -= difference;
            regions_of.differences[row + static_cast<size_t>(inner_known)] += inner_difference;
        }
    }
}

inline Neighbourhood neighbourhoods_together(const Parts& parts, const Coded& coded) {
    const size_t side = coded.side();
    const Neighbourhood of_parts = count_neighbourhoods_of_parts(parts, coded);
    Neighbourhood of_regions(parts.n_regions, side);
    add_parts(parts, of_parts.pairs.data(), side * kDirections * side, of_regions.pairs.data());
    add_parts(parts, of_parts.dependents.data(), side * 9, of_regions.dependents.data());
    add_parts(parts, of_parts.differences.data(), side * 9, of_regions.differences.data());
    part_pairs(parts, coded, of_regions.pairs.data());
    part_neighbours(parts, coded, of_regions);
    return of_regions;
}

inline void add_pairs(const Coded& coded, const Neighbourhood& found, size_t region, CellList& cells) {
    const size_t side = coded.side();
    const std::int32_t* table = found.pairs.data() + region * side * kDirections * side;
    const size_t first = static_cast<size_t>(coded.first[region]), last = static_cast<size_t>(coded.last[region]);
    for (size_t d = 0; d < kDirections; ++d) {
        for (size_t g = first; g <= last; ++g) {
            for (size_t h = first; h <= last; ++h) {
                const std::int64_t n = std::int64_t{table[(g * kDirections + d) * side + h]} +
                                       table[(h * kDirections + d) * side + g];
                if (n == 0) continue;
                cells.add(region * kDirections + d, static_cast<std::int64_t>(g - first) + 1,
                          static_cast<std::int64_t>(h - first) + 1, n);
            }
        }
    }
}

inline void add_dependences(const Coded& coded, const Neighbourhood& found, size_t region, CellList& cells) {
    for (size_t g = 1; g <= coded.n_levels; ++g) {
        for (size_t k = 0; k < 9; ++k) {
            const std::int64_t n = found.dependents[(region * coded.side() + g) * 9 + k];
            if (n == 0) continue;
            cells.add(region, static_cast<std::int64_t>(g) + 1 - coded.first[region], static_cast<std::int64_t>(k) + 1,
                      n);
        }
    }
}

// Sum over k of a level's differences, from 1 neighbour to 8, divided by k; added in the order that NumPy adds eight.
inline double mean_differences(const std::int64_t* of_level) {
    double means[9];
    for (int k = 1; k < 9; ++k) means[k] = static_cast<double>(of_level[k]) / k;
    return ((means[1] + means[2]) + (means[3] + means[4])) + ((means[5] + means[6]) + (means[7] + means[8]));
}

inline void add_levels(const Coded& coded, const Neighbourhood& found, size_t region, Counts& counts) {
    const std::int64_t* n = coded.of_regions.data() + region * coded.side();
    std::int64_t n_pixels = 0;
    for (size_t g = 1; g <= coded.n_levels; ++g) n_pixels += n[g];
    if (n_pixels == 0) return counts.add_empty();
    double entropy = 0.0, uniformity = 0.0;
    for (size_t g = 1; g <= coded.n_levels; ++g) {
        if (n[g] == 0) continue;
        const double share = static_cast<double>(n[g]) / static_cast<double>(n_pixels);
        entropy -= share * std::log2(share);
        uniformity += share * share;
        counts.tones.add(region, static_cast<std::int64_t>(g) + 1 - coded.first[region], n[g],
                         mean_differences(found.differences.data() + (region * coded.side() + g) * 9));
    }
    counts.n_pixels.push_back(n_pixels);
    counts.n_levels.push_back(coded.last[region] - coded.first[region] + 1);
    counts.entropy.push_back(entropy + 0.0);  // 0 of one level, not -0
    counts.uniformity.push_back(uniformity);
}

inline void count_coded(const Parts& parts, const Coded& coded, ZoneScratch& kept, Counts& counts) {
    const Neighbourhood found = neighbourhoods_together(parts, coded);
    for (size_t r = 0; r < parts.n_regions; ++r) {
        add_pairs(coded, found, r, counts.pairs);
        add_dependences(coded, found, r, counts.dependences);
        add_levels(coded, found, r, counts);
    }
    runs_together(parts, coded, counts.runs);
    zones_together(parts, coded, kept, counts.zones);
}

// Returns false, and counts nothing, where regions cannot be counted together (see code_by_width).
template <typename T>
bool count_by_width(const Parts& parts, const T* picture, double width, TogetherScratch<T>& kept, Counts& counts) {
    const Values<T> values = gather(parts, picture, kept.values);
    Coded coded;
    if (!code_by_width(parts, values, width, kept.coded, coded)) return false;
    counts.begin(counts.n_levels.size());
    const std::vector<double> statistics = firstorder::measure_regions(parts, values, kept.firstorder);
    counts.statistics.insert(counts.statistics.end(), statistics.begin(), statistics.end());
    count_coded(parts, coded, kept.zones, counts);
    return true;
}

// The edges of each region's bins; none where one of the regions cannot have them.
template <typename T>
std::vector<std::vector<double>> edges_of_regions(const Parts& parts, const Values<T>& values, size_t count) {
    std::vector<std::vector<double>> edges;
    for (size_t r = 0; r < parts.n_regions; ++r) {
        double lowest = HUGE_VAL, highest = -HUGE_VAL;
        for (size_t p = 0; p < parts.n_parts; ++p) {
            if (!parts.holds(r, p)) continue;
            lowest = std::min(lowest, values.lowest[p]), highest = std::max(highest, values.highest[p]);
        }
        edges.emplace_back();
        if (lowest > highest) continue;
        if (!std::isfinite(highest - lowest)) return {};
        edges.back() = edges_between<T>(lowest, highest, count);
        if (edges.back().empty()) return {};
    }
    return edges;
}

// The same with a fixed number of bins, which differ from region to region: what does not depend on them is measured
// together, the rest of each region by itself. alone: (n_regions), each for itself.
template <typename T>
bool count_by_count(const Parts& parts, const std::vector<Parts>& alone, const T* picture, size_t count,
                    TogetherScratch<T>& kept, Counts& counts) {
    if (count > kMostLevels) return false;
    const Values<T> values = gather(parts, picture, kept.values);
    const std::vector<std::vector<double>> edges = edges_of_regions(parts, values, count);
    if (edges.empty()) return false;
    const std::vector<double> statistics = firstorder::measure_regions(parts, values, kept.firstorder);
    for (size_t r = 0; r < parts.n_regions; ++r) {
        const double mean = statistics[r * firstorder::kStatistics + firstorder::kMean];
        if (!edges[r].empty() && !std::isfinite(mean)) return false;
    }
    counts.statistics.insert(counts.statistics.end(), statistics.begin(), statistics.end());
    for (size_t r = 0; r < parts.n_regions; ++r) {
        counts.begin(counts.n_levels.size());
        if (edges[r].empty()) {
            counts.add_empty();
            continue;
        }
        Coded coded;
        code_by_edges(alone[r], gather(alone[r], picture, kept.values), edges[r], kept.coded, coded);
        count_coded(alone[r], coded, kept.zones, counts);
    }
    return true;
}

}  // namespace perirad
