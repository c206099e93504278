// First-order statistics of regions that are made of disjoint parts.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "coded.hpp"
#include "firstorder_buckets.hpp"
#include "parts.hpp"
#include "scratch.hpp"

namespace perirad::firstorder {

constexpr size_t kMostParts = 16;
constexpr size_t kStatistics = 13, kMean = 7;

template <typename T>
struct Region {
    Part<T>* parts[kMostParts];
    size_t n_parts = 0, n = 0;
    Scale scale;
};

// The bucket that holds the value of rank k (from 0).
template <typename T>
size_t bucket_of_rank(const Region<T>& region, size_t k) {
    size_t low = 0, high = kBuckets - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        size_t up_to = 0;
        for (size_t p = 0; p < region.n_parts; ++p) up_to += region.parts[p]->starts[middle + 1];
        if (k < up_to) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

// The value of rank k (from 0) and the next one.
template <typename T>
void at_rank(const Region<T>& region, size_t k, double found[2]) {
    size_t low[kMostParts], high[kMostParts], first[kMostParts], after[kMostParts];
    const size_t bucket = bucket_of_rank(region, k);
    for (size_t p = 0; p < region.n_parts; ++p) {
        region.parts[p]->sort(bucket);
        low[p] = region.parts[p]->starts[bucket], high[p] = region.parts[p]->starts[bucket + 1];
    }
    for (;;) {
        size_t widest = 0;
        for (size_t p = 1; p < region.n_parts; ++p) {
            if (high[p] - low[p] > high[widest] - low[widest]) widest = p;
        }
        const T x = region.parts[widest]->values[(low[widest] + high[widest]) / 2];
        size_t less = 0, up_to = 0;
        for (size_t p = 0; p < region.n_parts; ++p) {
            const T* v = region.parts[p]->values;
            first[p] = static_cast<size_t>(std::lower_bound(v + low[p], v + high[p], x) - v);
            after[p] = static_cast<size_t>(std::upper_bound(v + first[p], v + high[p], x) - v);
            less += first[p], up_to += after[p];
        }
        if (k < less) {
            std::copy(first, first + region.n_parts, high);
        } else if (k >= up_to) {
            std::copy(after, after + region.n_parts, low);
        } else {
            found[0] = found[1] = static_cast<double>(x);
            if (k + 1 < up_to) return;
            bool any = false;
            for (size_t p = 0; p < region.n_parts; ++p) {
                // Beyond `high` lie only values that are larger than every value within.
                Part<T>& part = *region.parts[p];
                double next;
                if (after[p] < part.starts[bucket + 1]) {
                    next = static_cast<double>(part.values[after[p]]);
                } else if (!part.first_from(bucket + 1, next)) {
                    continue;
                }
                if (!any || next < found[1]) found[1] = next, any = true;
            }
            return;
        }
    }
}

template <typename T>
double percentile(const Region<T>& region, double percent) {
    const double place = percent / 100.0 * static_cast<double>(region.n - 1);
    const size_t below = static_cast<size_t>(place);
    double found[2];
    at_rank(region, below, found);
    return found[0] + (found[1] - found[0]) * (place - static_cast<double>(below));
}

// Sum of |value - centre| over a part's values from `low` to before `high`.
template <typename T>
double deviations(Part<T>& part, const Edge& low, const Edge& high, double centre, const Scale& scale) {
    Edge middle = part.edge(centre, false, scale);
    if (middle.at < low.at) middle = low;  // where the centre has been rounded
    if (middle.at > high.at) middle = high;
    const double shift = part.mean - centre;
    return (high.below - middle.below) + static_cast<double>(high.at - middle.at) * shift -
           (middle.below - low.below) - static_cast<double>(middle.at - low.at) * shift;
}

// Mean absolute deviation of the values from p10 to p90 from their own mean; NaN where there is none.
template <typename T>
double robust_deviation(const Region<T>& region, double p10, double p90) {
    Edge low[kMostParts], high[kMostParts];
    size_t n = 0;
    double sum = 0.0;
    for (size_t p = 0; p < region.n_parts; ++p) {
        Part<T>& part = *region.parts[p];
        low[p] = part.edge(p10, false, region.scale);
        high[p] = part.edge(p90, true, region.scale);
        const size_t size = high[p].at - low[p].at;
        n += size;
        sum += (high[p].below - low[p].below) + static_cast<double>(size) * (part.mean - p10);
    }
    if (n == 0) return std::nan("");
    const double centre = p10 == p90 ? p10 : p10 + sum / static_cast<double>(n);
    double total = 0.0;
    for (size_t p = 0; p < region.n_parts; ++p) {
        total += deviations(*region.parts[p], low[p], high[p], centre, region.scale);
    }
    return total / static_cast<double>(n);
}

// out: 10th, 25th, 50th, 75th, 90th percentile, minimum, maximum, mean, second to fourth central moment, mean and
// robust mean absolute deviation.
template <typename T>
void measure(const Region<T>& region, double* out) {
    const double percents[5] = {10.0, 25.0, 50.0, 75.0, 90.0};
    for (size_t k = 0; k < 5; ++k) out[k] = percentile(region, percents[k]);
    const double n = static_cast<double>(region.n);
    double lowest = region.parts[0]->lowest, highest = region.parts[0]->highest, mean = 0.0;
    for (size_t p = 0; p < region.n_parts; ++p) {
        const Part<T>& part = *region.parts[p];
        lowest = std::min(lowest, part.lowest);
        highest = std::max(highest, part.highest);
        mean += static_cast<double>(part.n) * (part.mean - region.parts[0]->mean);
    }
    mean = region.parts[0]->mean + mean / n;
    double second = 0.0, third = 0.0, fourth = 0.0, absolute = 0.0;
    for (size_t p = 0; p < region.n_parts; ++p) {
        Part<T>& part = *region.parts[p];
        const double d = part.mean - mean, size = static_cast<double>(part.n);
        second += part.second + size * d * d;
        third += part.third + 3.0 * d * part.second + size * d * d * d;
        fourth += part.fourth + 4.0 * d * part.third + 6.0 * d * d * part.second + size * d * d * d * d;
        absolute += deviations(part, {0, 0.0}, {part.n, part.sum()}, mean, region.scale);
    }
    const double rest[8] = {lowest, highest, mean, second / n, third / n, fourth / n, absolute / n,
                            robust_deviation(region, out[0], out[4])};
    std::copy(rest, rest + 8, out + 5);
}

template <typename T>
struct FirstorderScratch {
    Scratch<T> ordered;
    Scratch<std::uint16_t> buckets;

    void trim() { ordered.trim(), buckets.trim(); }
};

template <typename T>
Scale scale_of(const Values<T>& values) {
    const double lowest = *std::min_element(values.lowest.begin(), values.lowest.end());
    const double highest = *std::max_element(values.highest.begin(), values.highest.end());
    const double per_width = static_cast<double>(kBuckets) / (highest - lowest);
    return {lowest, std::isfinite(per_width) ? per_width : 0.0};
}

// Returns (n_regions, kStatistics), NaN for a region without pixels. All values are finite.
template <typename T>
std::vector<double> measure_regions(const Parts& parts, const Values<T>& values, FirstorderScratch<T>& kept) {
    const Scale scale = scale_of(values);
    T* const ordered = kept.ordered.take(parts.n_pixels());
    std::uint16_t* const buckets = kept.buckets.take(parts.n_pixels());
    std::vector<Part<T>> of_parts;
    for (size_t p = 0; p < parts.n_parts; ++p) {
        const std::int64_t at = parts.starts[p];
        of_parts.push_back(describe(values.all + at, parts.size_of(p), scale, buckets, ordered + at));
        of_parts.back().lowest = values.lowest[p], of_parts.back().highest = values.highest[p];
    }
    std::vector<double> statistics(parts.n_regions * kStatistics, std::nan(""));
    for (size_t r = 0; r < parts.n_regions; ++r) {
        Region<T> region{{}, 0, 0, scale};
        for (size_t p = 0; p < parts.n_parts; ++p) {
            if (parts.holds(r, p)) region.parts[region.n_parts++] = &of_parts[p], region.n += of_parts[p].n;
        }
        if (region.n > 0) measure(region, statistics.data() + r * kStatistics);
    }
    return statistics;
}

}  // namespace perirad::firstorder
