// Filters of the picture (wavelet, recursive Gaussian, binary patterns) as Python functions.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include "lbp.hpp"
#include "log.hpp"
#include "wavelet.hpp"

namespace nb = nanobind;
using namespace nb::literals;

template <typename T, std::size_t N>
using Array = nb::ndarray<T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
using Release = nb::call_guard<nb::gil_scoped_release>;

template <typename T>
void bind_recursion(nb::module_& m) {
    m.def(
        "filter_down",
        [](Array<const T, 2> in, Array<const double, 1> k, std::size_t top, Array<double, 3> tile,
           Array<float, 2> out) {
            perirad::recursive::filter_down(in.data(), in.shape(0), in.shape(1), k.data(), top, top + out.shape(0),
                                            tile.data(), out.data());
        },
        "picture"_a.noconvert(), "coefficients"_a.noconvert(), "top"_a, "tile"_a.noconvert(), "out"_a.noconvert(),
        Release());
    m.def(
        "filter_across",
        [](Array<const T, 2> in, Array<const double, 1> k, std::size_t left, Array<double, 3> tile,
           Array<float, 2> out) {
            perirad::recursive::filter_across(in.data(), in.shape(0), in.shape(1), k.data(), left,
                                              left + out.shape(1), tile.data(), out.data());
        },
        "picture"_a.noconvert(), "coefficients"_a.noconvert(), "left"_a, "tile"_a.noconvert(), "out"_a.noconvert(),
        Release());
}

void bind_filters(nb::module_& m) {
    m.attr("TILE") = perirad::recursive::kTile;
    bind_recursion<double>(m);
    bind_recursion<float>(m);
    m.def(
        "binary_patterns",
        [](Array<const double, 2> padded, std::size_t top, std::size_t left, Array<double, 2> share,
           Array<double, 2> out) {
            perirad::binary_patterns(padded.data(), padded.shape(1) - 2, top, left, top + out.shape(0),
                                     left + out.shape(1), share.data(), out.data());
        },
        "padded"_a.noconvert(), "top"_a, "left"_a, "share"_a.noconvert(), "out"_a.noconvert(), Release());
    m.def(
        "wavelet_bands",
        [](Array<const double, 2> padded, Array<const double, 1> low, Array<const double, 1> high,
           Array<double, 3> across, Array<double, 3> bands) {
            perirad::wavelet_bands(padded.data(), bands.shape(1), bands.shape(2), low.data(), high.data(),
                                   low.shape(0), across.data(), bands.data());
        },
        "padded"_a.noconvert(), "low"_a.noconvert(), "high"_a.noconvert(), "across"_a.noconvert(),
        "bands"_a.noconvert(), Release());
}
