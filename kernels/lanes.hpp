// Sums of products over arrays, four values at a time and always in the same order.
#pragma once

#include <cstddef>


namespace perirad::lanes {

using std::size_t;

// Four running sums in a fixed order: the same value whatever the width of the machine's vectors.
typedef double Four __attribute__((vector_size(32), aligned(8), may_alias));
constexpr size_t kLanes = 4;

// Inlined into whatever calls them, and so compiled for the vectors that the caller is compiled for (wide.hpp).
#define PERIRAD_INLINE static inline __attribute__((always_inline))

#define PERIRAD_AT(pointer) (*reinterpret_cast<const Four*>(pointer))

// Lengths are multiples of kLanes: the arrays are padded with zeros.
PERIRAD_INLINE double dot(const double* a, const double* b, size_t n) {
    Four s0 = {}, s1 = {};
    size_t i = 0;
    for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
        s0 += PERIRAD_AT(a + i) * PERIRAD_AT(b + i);
        s1 += PERIRAD_AT(a + i + kLanes) * PERIRAD_AT(b + i + kLanes);
    }
    for (; i < n; i += kLanes) s0 += PERIRAD_AT(a + i) * PERIRAD_AT(b + i);
    const Four s = s0 + s1;
    return (s[0] + s[1]) + (s[2] + s[3]);
}

// Four products with the same left factor, which is then read once.
PERIRAD_INLINE void dot4(const double* a, const double* const b[4], size_t n, double out[4]) {
    Four s[4] = {};
    for (size_t i = 0; i < n; i += kLanes) {
        const Four x = PERIRAD_AT(a + i);
        for (int q = 0; q < 4; ++q) s[q] += x * PERIRAD_AT(b[q] + i);
    }
    for (int q = 0; q < 4; ++q) out[q] = (s[q][0] + s[q][1]) + (s[q][2] + s[q][3]);
}

// The same with two left factors: out[0..3] for the first, out[4..7] for the second.
PERIRAD_INLINE void dot2x4(const double* a0, const double* a1, const double* const b[4], size_t n, double out[8]) {
    Four s[4] = {}, t[4] = {};
    for (size_t i = 0; i < n; i += kLanes) {
        const Four x = PERIRAD_AT(a0 + i), z = PERIRAD_AT(a1 + i);
        for (int q = 0; q < 4; ++q) {
            const Four y = PERIRAD_AT(b[q] + i);
            s[q] += x * y;
            t[q] += z * y;
        }
    }
    for (int q = 0; q < 4; ++q) {
        out[q] = (s[q][0] + s[q][1]) + (s[q][2] + s[q][3]);
        out[4 + q] = (t[q][0] + t[q][1]) + (t[q][2] + t[q][3]);
    }
}

PERIRAD_INLINE void add_four(double* y, const double a[4], const double* const x[4], size_t n) {
    const double *x0 = x[0], *x1 = x[1], *x2 = x[2], *x3 = x[3];
    const double a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
    for (size_t i = 0; i < n; ++i) y[i] += (a0 * x0[i] + a1 * x1[i]) + (a2 * x2[i] + a3 * x3[i]);
}

PERIRAD_INLINE void add_scaled(double* y, double a, const double* x, size_t n) {
    for (size_t i = 0; i < n; ++i) y[i] += a * x[i];
}


// Adds multiples of arrays to one of `n` values, four at a time.
class Sum {
public:
    Sum(double* y, size_t n) : y_(y), n_(n) {}
    void add(double a, const double* x) {
        a_[count_] = a, x_[count_] = x;
        if (++count_ == 4) add_four(y_, a_, x_, n_), count_ = 0;
    }
    void finish() {
        for (size_t q = 0; q < count_; ++q) add_scaled(y_, a_[q], x_[q], n_);
        count_ = 0;
    }

private:
    double* y_;
    size_t n_, count_ = 0;
    double a_[4];
    const double* x_[4];
};

#undef PERIRAD_AT
#undef PERIRAD_INLINE

}  // namespace perirad::lanes
