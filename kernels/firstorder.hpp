// First-order statistics of regions that are made of disjoint parts, from each part's sorted values.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace perirad::firstorder {

using std::size_t;

constexpr size_t kMostParts = 16;
constexpr size_t kStatistics = 13;

// A part's values in ascending order; sums of powers of their deviations from their mean, and in below[i] the sum of
// the first i deviations.
struct Part {
    const double* values;
    const double* below;
    size_t n;
    double mean, second, third, fourth;
};

inline Part describe(const double* values, size_t n, double* below) {
    Part part{values, below, n, values[0], 0.0, 0.0, 0.0};
    if (values[0] != values[n - 1]) {
        double sum = 0.0;
        for (size_t i = 0; i < n; ++i) sum += values[i] - values[0];
        part.mean = values[0] + sum / static_cast<double>(n);
    }
    double sum = 0.0;
    for (size_t i = 0; i < n; ++i) {
        const double d = values[i] - part.mean, d2 = d * d;
        below[i] = sum;
        sum += d;
        part.second += d2;
        part.third += d2 * d;
        part.fourth += d2 * d2;
    }
    below[n] = sum;
    return part;
}

struct Region {
    const Part* parts[kMostParts];
    size_t n_parts = 0, n = 0;
};

// The value of rank k (from 0) and the next one.
inline void at_rank(const Region& region, size_t k, double found[2]) {
    size_t low[kMostParts], high[kMostParts], first[kMostParts], after[kMostParts];
    for (size_t p = 0; p < region.n_parts; ++p) low[p] = 0, high[p] = region.parts[p]->n;
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
                if (after[p] == region.parts[p]->n) continue;
                const double next = region.parts[p]->values[after[p]];
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

// Sum of |value - centre| over values from place `low` to `high - 1` of a part.
inline double deviations(const Part& part, size_t low, size_t high, double centre) {
    const double* at = std::lower_bound(part.values + low, part.values + high, centre);
    const size_t middle = static_cast<size_t>(at - part.values);
    const double shift = part.mean - centre;
    return (part.below[high] - part.below[middle]) + static_cast<double>(high - middle) * shift -
           (part.below[middle] - part.below[low]) - static_cast<double>(middle - low) * shift;
}

// Mean absolute deviation of the values from p10 to p90 from their own mean; NaN where there is none.
inline double robust_deviation(const Region& region, double p10, double p90) {
    size_t low[kMostParts], high[kMostParts], n = 0;
    const double origin = p10;
    double sum = 0.0;
    for (size_t p = 0; p < region.n_parts; ++p) {
        const Part& part = *region.parts[p];
        const double *begin = part.values, *end = begin + part.n;
        low[p] = static_cast<size_t>(std::lower_bound(begin, end, p10) - begin);
        high[p] = static_cast<size_t>(std::upper_bound(begin + low[p], end, p90) - begin);
        n += high[p] - low[p];
        const double size = static_cast<double>(high[p] - low[p]);
        sum += (part.below[high[p]] - part.below[low[p]]) + size * (part.mean - origin);
    }
    if (n == 0) return std::nan("");
    const double centre = p10 == p90 ? p10 : origin + sum / static_cast<double>(n);
    double total = 0.0;
    for (size_t p = 0; p < region.n_parts; ++p) total += deviations(*region.parts[p], low[p], high[p], centre);
    return total / static_cast<double>(n);
}

// out: 10th, 25th, 50th, 75th, 90th percentile, minimum, maximum, mean, second to fourth central moment, mean and
// robust mean absolute deviation.
inline void measure(const Region& region, double* out) {
    const double percents[5] = {10.0, 25.0, 50.0, 75.0, 90.0};
    for (size_t k = 0; k < 5; ++k) out[k] = percentile(region, percents[k]);
    const double n = static_cast<double>(region.n);
    double lowest = region.parts[0]->values[0], highest = lowest, mean = 0.0;
    for (size_t p = 0; p < region.n_parts; ++p) {
        const Part& part = *region.parts[p];
        lowest = std::min(lowest, part.values[0]);
        highest = std::max(highest, part.values[part.n - 1]);
        mean += static_cast<double>(part.n) * (part.mean - region.parts[0]->mean);
    }
    mean = region.parts[0]->mean + mean / n;
    double second = 0.0, third = 0.0, fourth = 0.0, absolute = 0.0;
    for (size_t p = 0; p < region.n_parts; ++p) {
        const Part& part = *region.parts[p];
        const double d = part.mean - mean, size = static_cast<double>(part.n);
        second += part.second + size * d * d;
        third += part.third + 3.0 * d * part.second + size * d * d * d;
        fourth += part.fourth + 4.0 * d * part.third + 6.0 * d * d * part.second + size * d * d * d * d;
        absolute += deviations(part, 0, part.n, mean);
    }
    const double rest[8] = {lowest, highest, mean, second / n, third / n, fourth / n, absolute / n,
                            robust_deviation(region, out[0], out[4])};
    std::copy(rest, rest + 8, out + 5);
}

// values: the parts' values one after the other, each part sorted, from ends[p - 1] to ends[p] - 1.
// members: (n_regions, n_parts). below: (n_values + n_parts) scratch. out: (n_regions, kStatistics); rows of regions
// without a part are left alone.
inline void measure_regions(const double* values, const std::int64_t* ends, size_t n_parts, const std::uint8_t* members,
                            size_t n_regions, double* below, double* out) {
    Part parts[kMostParts];
    for (size_t p = 0; p < n_parts; ++p) {
        const size_t begin = p == 0 ? 0 : static_cast<size_t>(ends[p - 1]);
        parts[p] = describe(values + begin, static_cast<size_t>(ends[p]) - begin, below + begin + p);
    }
    for (size_t r = 0; r < n_regions; ++r) {
        Region region;
        for (size_t p = 0; p < n_parts; ++p) {
            if (members[r * n_parts + p]) region.parts[region.n_parts++] = parts + p, region.n += parts[p].n;
        }
        if (region.n > 0) measure(region, out + r * kStatistics);
    }
}

}  // namespace perirad::firstorder
