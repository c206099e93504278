// Texture matrices of windows (feature maps) as Python functions.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>

#include "window.hpp"

namespace nb = nanobind;
using namespace nb::literals;

template <typename T, std::size_t N>
using Array = nb::ndarray<T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
using Release = nb::call_guard<nb::gil_scoped_release>;

template <typename Counter>
static void define(nb::module_& m, const char* name) {
    m.def(
        name,
        [](Array<const std::uint16_t, 2> levels, std::size_t n_levels, Array<const std::int64_t, 1> centres,
           std::size_t radius, Array<std::int64_t, 2> indices, Array<double, 1> n, Array<std::int64_t, 1> pixels,
           Array<std::int64_t, 1> highest) {
            const std::size_t most = n.shape(0);
            perirad::CellList out{indices.data(), indices.data() + most, indices.data() + 2 * most, n.data(), 0};
            return perirad::count_windows<Counter>(levels.data(), levels.shape(1), n_levels, centres.data(),
                                                   centres.shape(0), radius, out, pixels.data(), highest.data());
        },
        "levels"_a.noconvert(), "n_levels"_a, "centres"_a.noconvert(), "radius"_a, "indices"_a.noconvert(),
        "n"_a.noconvert(), "pixels"_a.noconvert(), "highest"_a.noconvert(), Release());
}

void bind_maps(nb::module_& m) {
    define<perirad::WindowPairs>(m, "window_pairs");
    define<perirad::WindowRuns>(m, "window_runs");
    define<perirad::WindowZones>(m, "window_zones");
    define<perirad::WindowDependents>(m, "window_dependents");
    define<perirad::WindowTones>(m, "window_tones");
}
