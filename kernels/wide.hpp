// Functions compiled twice, for processors with and without wide vectors, and chosen when the library is loaded. Both
// give the same values: no operation is contracted or put in another order. PERIRAD_ONLY, an instruction set such as
// "avx2", compiles them for that one alone, to compare.
#pragma once

#if defined(PERIRAD_ONLY)
#define PERIRAD_WIDE __attribute__((target(PERIRAD_ONLY)))
#elif defined(__x86_64__) && defined(__GNUC__) && defined(__linux__)
#define PERIRAD_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define PERIRAD_WIDE
#endif
