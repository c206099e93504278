// Distances from a region as Python functions.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>

#include "distance.hpp"

namespace nb = nanobind;
using namespace nb::literals;

template <typename T>
using Array = nb::ndarray<T, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Release = nb::call_guard<nb::gil_scoped_release>;

void bind_regions(nb::module_& m) {
    m.def(
        "mark_corners",
        [](Array<std::uint8_t> marks) {
            perirad::distance::mark_corners(marks.data(), {marks.shape(0), marks.shape(1), 1.0, 1.0});
        },
        "marks"_a.noconvert(), Release());
    m.def(
        "measure_distances",
        [](Array<const std::uint8_t> marks, double down, double across, double most, bool outline,
           Array<std::int32_t> nearest, Array<double> out) {
            perirad::distance::measure(marks.data(), {marks.shape(0), marks.shape(1), down, across}, most, outline,
                                       nearest.data(), out.data());
        },
        "marks"_a.noconvert(), "down"_a, "across"_a, "most"_a, "outline"_a, "nearest"_a.noconvert(),
        "out"_a.noconvert(), Release());
}
