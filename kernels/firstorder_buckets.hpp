// Values of disjoint parts, put into buckets of equal width; only those buckets are sorted in which a percentile or a mean
// lies.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "wide.hpp"

namespace perirad::firstorder {

using std::size_t;

constexpr size_t kBuckets = 2048;
constexpr size_t kBlock = 256;

// Buckets that all parts have in common. The number of a bucket never falls as values rise, whatever the rounding.
struct Scale {
    double lowest, per_width;

    std::uint16_t bucket(double value) const {
        const double place = (value - lowest) * per_width;
        return static_cast<std::uint16_t>(place > 0.0 ? std::min(place, static_cast<double>(kBuckets - 1)) : 0.0);
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

// A place among a part's values in ascending order, and the sum of the deviations before it.
struct Edge {
    size_t at;
    double below;
};

// A part's values, bucket by bucket; starts: where each begins, and the end. sums: of the deviations from the part's mean
// before each block of kBlock values, and of all. second, third, fourth: sums of their powers.
struct Part {
    double* values = nullptr;
    size_t n = 0;
    std::vector<std::uint32_t> starts;
    std::vector<std::uint8_t> sorted;
    std::vector<double> sums;
    double mean = 0.0, second = 0.0, third = 0.0, fourth = 0.0, lowest = 0.0, highest = 0.0;

    void sum_blocks(size_t first, size_t end) {
        for (size_t block = first; block < end; ++block) {
            const size_t at = block * kBlock;
            sums[block + 1] = sums[block] + sum_of_deviations(values + at, std::min(kBlock, n - at), mean);
        }
    }

    // Sum of the deviations of the values before a place.
    double below(size_t at) const {
        const size_t block = at / kBlock;
        return sums[block] + sum_of_deviations(values + block * kBlock, at % kBlock, mean);
    }

    double sum() const { return sums.back(); }

    void sort(size_t bucket) {
        if (sorted[bucket]) return;
        sorted[bucket] = 1;
        double *begin = values + starts[bucket], *end = values + starts[bucket + 1];
        if (std::is_sorted(begin, end)) return;
        std::sort(begin, end);
        sum_blocks(starts[bucket] / kBlock, (starts[bucket + 1] - 1) / kBlock);
    }

    // The first value not less than x, or, if `after`, the first one greater.
    Edge edge(double x, bool after, const Scale& scale) {
        const size_t bucket = scale.bucket(x);
        sort(bucket);
        const double *begin = values + starts[bucket], *end = values + starts[bucket + 1];
        const double* found = after ? std::upper_bound(begin, end, x) : std::lower_bound(begin, end, x);
        const size_t at = static_cast<size_t>(found - values);
        return {at, below(at)};
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
    part.starts.resize(kBuckets + 1), part.sorted.resize(kBuckets), part.sums.resize((n + kBlock - 1) / kBlock + 1);
    part.mean = values[0] + sum_of_deviations(values, n, values[0]) / static_cast<double>(n);
    double powers[3];
    sum_powers(values, n, part.mean, powers);
    part.second = powers[0], part.third = powers[1], part.fourth = powers[2];
    find_buckets(values, n, scale, buckets);
    fill_buckets(values, n, buckets, part);
    part.sum_blocks(0, part.sums.size() - 1);
    return part;
}

}  // namespace perirad::firstorder
