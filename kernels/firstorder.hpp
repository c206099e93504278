// First-order statistics of regions that are made of disjoint parts. Values are put into buckets of equal width, and only
// those buckets are sorted in which a percentile or a mean lies.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "wide.hpp"

namespace perirad::firstorder {

using std::size_t;

constexpr size_t kMostParts = 16;
constexpr size_t kStatistics = 13;
constexpr size_t kBuckets = 2048;

// Buckets that all parts have in common. The number of a bucket never falls as values rise, whatever the rounding.
struct Scale {
    double lowest, per_width;

    std::uint16_t bucket(double value) const {
        const double place = (value - lowest) * per_width;
        return static_cast<std::uint16_t>(place > 0.0 ? std::min(place, static_cast<double>(kBuckets - 1)) : 0.0);
    }
};

// A place among a part's values in ascending order, and the sum of the deviations before it.
struct Edge {
    size_t at;
    double below;
};

// A part's values, bucket by bucket; starts: where each begins, and the end. below: sum of deviations from the part's
// mean before each bucket. second, third, fourth: sums of their powers.
struct Part {
    double* values;
    size_t n;
    std::vector<std::uint32_t> starts;
    std::vector<double> below;
    std::vector<std::uint8_t> sorted;
    double mean, second, third, fourth, lowest = 0.0, highest = 0.0;

    void sort(size_t bucket) {
        if (sorted[bucket]) return;
        sorted[bucket] = 1;
        double *begin = values + starts[bucket], *end = values + starts[bucket + 1];
        if (!std::is_sorted(begin, end)) std::sort(begin, end);
    }

    // The first value not less than x, or, if `after`, the first one greater.
    Edge edge(double x, bool after, const Scale& scale) {
        const size_t bucket = scale.bucket(x);
        sort(bucket);
        const double *begin = values + starts[bucket], *end = values + starts[bucket + 1];
        const double* at = after ? std::upper_bound(begin, end, x) : std::lower_bound(begin, end, x);
        double sum = below[bucket];
        for (const double* v = begin; v != at; ++v) sum += *v - mean;
        return {static_cast<size_t>(at - values), sum};
    }

    // The lowest value of the buckets from `bucket` on.
    bool first_from(size_t bucket, double& value) {
        while (bucket < kBuckets && starts[bucket] == starts[bucket + 1]) ++bucket;
        if (bucket == kBuckets) return false;
        sort(bucket);
        value = values[starts[bucket]];
        return true;
    }
};

// Sum of the deviations from `origin`, eight at a time.
PERIRAD_WIDE static double sum_of_deviations(const double* values, size_t n, double origin) {
    double sums[8] = {}, sum = 0.0;
    size_t at = 0;
    for (; at + 8 <= n; at += 8) {
        for (size_t k = 0; k < 8; ++k) sums[k] += values[at + k] - origin;
    }
    for (; at < n; ++at) sum += values[at] - origin;
    for (size_t k = 0; k < 8; ++k) sum += sums[k];
    return sum;
}

// Sums of the second, third and fourth powers of the deviations from `origin`, four at a time.
PERIRAD_WIDE static void sum_powers(const double* values, size_t n, double origin, double sums[3]) {
    double second[4] = {}, third[4] = {}, fourth[4] = {};
    size_t at = 0;
    for (; at + 4 <= n; at += 4) {
        for (size_t k = 0; k < 4; ++k) {
            const double d = values[at + k] - origin, d2 = d * d;
            second[k] += d2, third[k] += d2 * d, fourth[k] += d2 * d2;
        }
    }
    for (; at < n; ++at) {
        const double d = values[at] - origin, d2 = d * d;
        second[0] += d2, third[0] += d2 * d, fourth[0] += d2 * d2;
    }
    sums[0] = second[0] + second[1] + second[2] + second[3];
    sums[1] = third[0] + third[1] + third[2] + third[3];
    sums[2] = fourth[0] + fourth[1] + fourth[2] + fourth[3];
}

PERIRAD_WIDE static void find_buckets(const double* values, size_t n, const Scale& scale, std::uint16_t* buckets) {
    const double lowest = scale.lowest, per_width = scale.per_width;
    for (size_t i = 0; i < n; ++i) {
        double place = (values[i] - lowest) * per_width;
        place = place < static_cast<double>(kBuckets - 1) ? place : static_cast<double>(kBuckets - 1);
        buckets[i] = static_cast<std::uint16_t>(static_cast<std::int32_t>(place));
    }
}

// Puts values into their buckets. Both halves are gone through side by side: neighbouring pixels are often of one bucket,
// and would wait for each other.
inline void fill_buckets(const double* values, size_t n, const std::uint16_t* buckets, Part& part) {
    const size_t half = n / 2;
    std::vector<std::uint32_t> upper(kBuckets), lower(kBuckets);
    for (size_t i = 0; i < half; ++i) ++lower[buckets[i]], ++upper[buckets[half + i]];
    if (n % 2 == 1) ++upper[buckets[n - 1]];
    std::uint32_t at = 0;
    for (size_t b = 0; b < kBuckets; ++b) {
        part.starts[b] = at;
        const std::uint32_t n_lower = lower[b], n_upper = upper[b];
        lower[b] = at, upper[b] = at + n_lower;
        at += n_lower + n_upper;
    }
    part.starts[kBuckets] = at;
    for (size_t i = 0; i < half; ++i) {
        part.values[lower[buckets[i]]++] = values[i];
        part.values[upper[buckets[half + i]]++] = values[half + i];
    }
    if (n % 2 == 1) part.values[upper[buckets[n - 1]]] = values[n - 1];
}

// values: (n), n > 0, not below the scale's lowest. buckets: (n) scratch. ordered: (n), takes the values by bucket.
inline Part describe(const double* values, size_t n, const Scale& scale, std::uint16_t* buckets, double* ordered) {
    Part part;
    part.values = ordered, part.n = n;
    part.starts.resize(kBuckets + 1), part.below.resize(kBuckets + 1), part.sorted.resize(kBuckets);
    part.mean = values[0] + sum_of_deviations(values, n, values[0]) / static_cast<double>(n);
    double powers[3];
    sum_powers(values, n, part.mean, powers);
    part.second = powers[0], part.third = powers[1], part.fourth = powers[2];
    find_buckets(values, n, scale, buckets);
    fill_buckets(values, n, buckets, part);
    for (size_t b = 0; b < kBuckets; ++b) {
        double even = 0.0, odd = 0.0;
        std::uint32_t k = part.starts[b];
        for (; k + 2 <= part.starts[b + 1]; k += 2) even += ordered[k] - part.mean, odd += ordered[k + 1] - part.mean;
        if (k < part.starts[b + 1]) even += ordered[k] - part.mean;
        part.below[b + 1] = part.below[b] + (even + odd);
    }
    return part;
}

struct Region {
    Part* parts[kMostParts];
    size_t n_parts = 0, n = 0;
    Scale scale;
};

// The bucket that holds the value of rank k (from 0).
inline size_t bucket_of_rank(const Region& region, size_t k) {
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
inline void at_rank(const Region& region, size_t k, double found[2]) {
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
        const double x = region.parts[widest]->values[(low[widest] + high[widest]) / 2];
        size_t less = 0, up_to = 0;
        for (size_t p = 0; p < region.n_parts; ++p) {
            const double* v = region.parts[p]->values;
            first[p] = static_cast<size_t>(std::lower_bound(v + low[p], v + high[p], x) - v);
            after[p] = static_cast<size_t>(std::upper_bound(v + first[p], v + high[p], x) - v);
            less += first[p], up_to += after[p];
        }
        if (k < less) {
            std::copy(first, first + region.n_parts, high);
        } else if (k >= up_to) {
            std::copy(after, after + region.n_parts, low);
        } else {
            found[0] = found[1] = x;
            if (k + 1 < up_to) return;
            bool any = false;
            for (size_t p = 0; p < region.n_parts; ++p) {
                // Beyond `high` lie only values that are larger than every value within.
                Part& part = *region.parts[p];
                double next;
                if (after[p] < part.starts[bucket + 1]) {
                    next = part.values[after[p]];
                } else if (!part.first_from(bucket + 1, next)) {
                    continue;
                }
                if (!any || next < found[1]) found[1] = next, any = true;
            }
            return;
        }
    }
}

inline double percentile(const Region& region, double percent) {
    const double place = percent / 100.0 * static_cast<double>(region.n - 1);
    const size_t below = static_cast<size_t>(place);
    double found[2];
    at_rank(region, below, found);
    return found[0] + (found[1] - found[0]) * (place - static_cast<double>(below));
}

// Sum of |value - centre| over a part's values from `low` to before `high`.
inline double deviations(Part& part, const Edge& low, const Edge& high, double centre, const Scale& scale) {
    Edge middle = part.edge(centre, false, scale);
    if (middle.at < low.at) middle = low;  // where the centre has been rounded
    if (middle.at > high.at) middle = high;
    const double shift = part.mean - centre;
    return (high.below - middle.below) + static_cast<double>(high.at - middle.at) * shift -
           (middle.below - low.below) - static_cast<double>(middle.at - low.at) * shift;
}

// Mean absolute deviation of the values from p10 to p90 from their own mean; NaN where there is none.
inline double robust_deviation(const Region& region, double p10, double p90) {
    Edge low[kMostParts], high[kMostParts];
    size_t n = 0;
    double sum = 0.0;
    for (size_t p = 0; p < region.n_parts; ++p) {
        Part& part = *region.parts[p];
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
inline void measure(const Region& region, double* out) {
    const double percents[5] = {10.0, 25.0, 50.0, 75.0, 90.0};
    for (size_t k = 0; k < 5; ++k) out[k] = percentile(region, percents[k]);
    const double n = static_cast<double>(region.n);
    double lowest = region.parts[0]->lowest, highest = region.parts[0]->highest, mean = 0.0;
    for (size_t p = 0; p < region.n_parts; ++p) {
        const Part& part = *region.parts[p];
        lowest = std::min(lowest, part.lowest);
        highest = std::max(highest, part.highest);
        mean += static_cast<double>(part.n) * (part.mean - region.parts[0]->mean);
    }
    mean = region.parts[0]->mean + mean / n;
    double second = 0.0, third = 0.0, fourth = 0.0, absolute = 0.0;
    for (size_t p = 0; p < region.n_parts; ++p) {
        Part& part = *region.parts[p];
        const double d = part.mean - mean, size = static_cast<double>(part.n);
        second += part.second + size * d * d;
        third += part.third + 3.0 * d * part.second + size * d * d * d;
        fourth += part.fourth + 4.0 * d * part.third + 6.0 * d * d * part.second + size * d * d * d * d;
        absolute += deviations(part, {0, 0.0}, {part.n, part.below[kBuckets]}, mean, region.scale);
    }
    const double rest[8] = {lowest, highest, mean, second / n, third / n, fourth / n, absolute / n,
                            robust_deviation(region, out[0], out[4])};
    std::copy(rest, rest + 8, out + 5);
}

// values: the parts' values one after the other, from starts[part] to before starts[part + 1]. ranges: (n_parts, 2), the
// lowest and the highest value of each. members: (n_regions, n_parts). out: (n_regions, kStatistics); rows of regions
// without a part are left alone.
inline void measure_regions(const double* values, const std::int64_t* starts, const double* ranges, size_t n_parts,
                            const std::uint8_t* members, size_t n_regions, double* out) {
    const size_t n_values = static_cast<size_t>(starts[n_parts]);
    double lowest = ranges[0], highest = ranges[1];
    for (size_t p = 1; p < n_parts; ++p) {
        lowest = std::min(lowest, ranges[2 * p]), highest = std::max(highest, ranges[2 * p + 1]);
    }
    const double per_width = static_cast<double>(kBuckets) / (highest - lowest);
    const Scale scale{lowest, std::isfinite(per_width) ? per_width : 0.0};
    const std::unique_ptr<double[]> ordered(new double[n_values]);
    const std::unique_ptr<std::uint16_t[]> buckets(new std::uint16_t[n_values]);
    std::vector<Part> parts;
    for (size_t p = 0; p < n_parts; ++p) {
        const size_t n = static_cast<size_t>(starts[p + 1] - starts[p]);
        parts.push_back(describe(values + starts[p], n, scale, buckets.get(), ordered.get() + starts[p]));
        parts.back().lowest = ranges[2 * p], parts.back().highest = ranges[2 * p + 1];
    }
    for (size_t r = 0; r < n_regions; ++r) {
        Region region{{}, 0, 0, scale};
        for (size_t p = 0; p < n_parts; ++p) {
            if (members[r * n_parts + p]) region.parts[region.n_parts++] = &parts[p], region.n += parts[p].n;
        }
        if (region.n > 0) measure(region, out + r * kStatistics);
    }
}

}  // namespace perirad::firstorder
