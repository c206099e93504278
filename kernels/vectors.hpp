// Vectors of the width that an instruction set has, and which of them this machine can run.
#pragma once
#include <cstddef>

// What is compiled for an instruction set must be inlined into a function that asks for it.
#define PERIRAD_INLINE inline __attribute__((always_inline))
#if defined(__x86_64__) && defined(__GNUC__)
#define PERIRAD_X86 1
#define PERIRAD_AVX2 __attribute__((target("avx2")))
#define PERIRAD_AVX512 __attribute__((target("avx512f")))
#endif

namespace perirad::vectors {

using std::size_t;

// N values side by side. The arithmetic of each is the same whatever N.
template <size_t N>
struct Of {
    typedef double Doubles __attribute__((vector_size(8 * N), may_alias));
    typedef float Floats __attribute__((vector_size(4 * N), may_alias));
};

// As above, at any address.
typedef double Two __attribute__((vector_size(16), aligned(8), may_alias));
typedef double Four __attribute__((vector_size(32), aligned(8), may_alias));
typedef float Quad __attribute__((vector_size(16), aligned(4), may_alias));

// Values of two vectors by their places, those of the second counted on from the first.
#ifdef __clang__
#define PERIRAD_PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
typedef int FourPlaces __attribute__((vector_size(16)));
#define PERIRAD_PICK(a, b, ...) __builtin_shuffle(a, b, perirad::vectors::FourPlaces{__VA_ARGS__})
#endif

PERIRAD_INLINE Quad quad_at(const float* p) { return *reinterpret_cast<const Quad*>(p); }
PERIRAD_INLINE Two two_at(const double* p) { return *reinterpret_cast<const Two*>(p); }

// One by one: GCC makes a single instruction of this, and two of __builtin_convertvector.
#define PERIRAD_WIDENED(quad)                                                               \
    (perirad::vectors::Four{static_cast<double>((quad)[0]), static_cast<double>((quad)[1]), \
                            static_cast<double>((quad)[2]), static_cast<double>((quad)[3])})

// Doubles in one vector: 2 everywhere, 4 with AVX2, 8 with AVX-512.
constexpr size_t kWidths[] = {2, 4, 8};

inline bool runs_here(size_t width) {
#ifdef PERIRAD_X86
    if (width == 8) return __builtin_cpu_supports("avx512f");
    if (width == 4) return __builtin_cpu_supports("avx2");
#endif
    return width == 2;
}

}  // namespace perirad::vectors
