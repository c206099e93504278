// Filters of the picture (wavelet, recursive Gaussian, binary patterns) as Python functions.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include "disc.hpp"
#include "gradient.hpp"
#include "lbp.hpp"
#include "log.hpp"
#include "wavelet.hpp"

namespace nb = nanobind;
using namespace nb::literals;

template <typename T, std::size_t N>
using Array = nb::ndarray<T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
using Release = nb::call_guard<nb::gil_scoped_release>;

void bind_laplacians(nb::module_& m) {
    namespace recursive = perirad::recursive;
    nb::list lanes;
    for (const std::size_t width : perirad::vectors::kWidths) {
        if (perirad::vectors::runs_here(width)) lanes.append(width);
    }
    m.attr("LANES") = nb::tuple(lanes);
    m.def(
        "filter_laplacians",
        [](std::size_t lanes, Array<const double, 2> picture, Array<const double, 4> coefficients,
           Array<const double, 1> factors, std::size_t top, std::size_t left, Array<float, 3> out) {
            const recursive::Window window{picture.shape(0), picture.shape(1), top, left, top + out.shape(1),
                                           left + out.shape(2)};
            recursive::filter_laplacians(lanes, picture.data(), window, coefficients.data(), out.shape(0),
                                         factors.data(), out.data());
        },
        "lanes"_a, "picture"_a.noconvert(), "coefficients"_a.noconvert(), "factors"_a.noconvert(), "top"_a, "left"_a,
        "out"_a.noconvert(), Release());
}

void bind_filters(nb::module_& m) {
    bind_laplacians(m);
    m.def(
        "binary_patterns",
        [](Array<const double, 2> padded, std::size_t top, std::size_t left, Array<double, 2> share,
           Array<double, 2> out) {
            perirad::binary_patterns(padded.data(), top, left, top + out.shape(0), left + out.shape(1), share.data(),
                                     out.data());
        },
        "padded"_a.noconvert(), "top"_a, "left"_a, "share"_a.noconvert(), "out"_a.noconvert(), Release());
    m.def(
        "disc_sums",
        [](Array<const double, 2> ends, Array<const std::int64_t, 2> halves, std::int64_t top, std::size_t middle,
           Array<double, 2> sums) {
            perirad::disc_sums(ends.data(), static_cast<std::int64_t>(ends.shape(0)), ends.shape(1), halves.data(),
                               halves.shape(0), top, middle, sums.shape(0), sums.shape(1), sums.data());
        },
        "ends"_a.noconvert(), "halves"_a.noconvert(), "top"_a, "middle"_a, "sums"_a.noconvert(), Release());
    m.def(
        "gradient_lengths",
        [](Array<const double, 2> near, double down, double across, Array<float, 2> out) {
            perirad::gradient_lengths(near.data(), out.shape(0), out.shape(1), down, across, out.data());
        },
        "near"_a.noconvert(), "down"_a, "across"_a, "out"_a.noconvert(), Release());
    m.def(
        "wavelet_bands",
        [](Array<const double, 2> picture, Array<const std::int64_t, 1> rows, Array<const std::int64_t, 1> columns,
           Array<const double, 1> low, Array<const double, 1> high, Array<double, 3> bands) {
            perirad::wavelet::find_bands(picture.data(), picture.shape(1), rows.data(), bands.shape(1), columns.data(),
                                         bands.shape(2), low.data(), high.data(), bands.data());
        },
        "picture"_a.noconvert(), "rows"_a.noconvert(), "columns"_a.noconvert(), "low"_a.noconvert(),
        "high"_a.noconvert(), "bands"_a.noconvert(), Release());
}
