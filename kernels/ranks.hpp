// Rank sums of two groups, column by column.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace perirad::ranks {

using std::size_t;

struct RankSum {
    double sum;   // of the ranks of the first group, equal values sharing their mean rank
    double ties;  // sum of t^3 - t over the groups of t equal values
};

// `order` sorts the n values; `first` is 1 for the cases of the first group. NaN where a value is not finite or all are
// equal: the sorted ends tell both, as NaN sorts last.
inline RankSum rank_sum(const double* values, const std::int64_t* order, const std::uint8_t* first, size_t n) {
    const double low = values[order[0]], high = values[order[n - 1]];
    if (!std::isfinite(low) || !std::isfinite(high) || low == high) return {NAN, NAN};
    RankSum found{0.0, 0.0};
    for (size_t i = 0; i < n;) {
        const double value = values[order[i]];
        size_t end = i, members = 0;
        for (; end < n && values[order[end]] == value; ++end) members += first[order[end]];
        const double t = static_cast<double>(end - i);
        found.sum += static_cast<double>(members) * (static_cast<double>(i) + (t + 1.0) / 2.0);
        if (t > 1.0) found.ties += t * t * t - t;
        i = end;
    }
    return found;
}

// Rank of each value, equal ones sharing their mean rank.
inline void average_ranks(const double* values, const std::int64_t* order, size_t n, double* ranks) {
    for (size_t i = 0; i < n;) {
        const double value = values[order[i]];
        size_t end = i + 1;
        while (end < n && values[order[end]] == value) ++end;
        const double rank = static_cast<double>(i + end + 1) / 2.0;
        for (; i < end; ++i) ranks[order[i]] = rank;
    }
}

}  // namespace perirad::ranks
