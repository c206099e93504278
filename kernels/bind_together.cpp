// Regions that are counted together, as Python functions.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "partition.hpp"
#include "together.hpp"

namespace nb = nanobind;
using namespace nb::literals;

template <typename T, std::size_t N>
using Array = nb::ndarray<T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
using Masks = std::vector<nb::ndarray<const std::uint8_t, nb::ndim<2>, nb::device::cpu>>;

// Hands an array over to Python.
template <typename T>
nb::ndarray<nb::numpy, T> owned(std::vector<T>&& values, std::initializer_list<std::size_t> shape) {
    auto* kept = new std::vector<T>(std::move(values));
    const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    return {kept->data(), shape, owner};
}

static auto cells_of(perirad::CellList& cells) {
    const std::size_t n = cells.n.size();
    return nb::make_tuple(owned(std::move(cells.matrix), {n}), owned(std::move(cells.i), {n}),
                          owned(std::move(cells.j), {n}), owned(std::move(cells.n), {n}));
}

static perirad::Parts find_parts(const Masks& masks) {
    std::vector<perirad::Mask> of_regions;
    for (const auto& mask : masks) of_regions.push_back({mask.data(), mask.stride(0)});
    const std::size_t rows = masks[0].shape(0), columns = masks[0].shape(1);
    const nb::gil_scoped_release release;
    return perirad::find_parts(of_regions, rows, columns);
}

template <typename T>
static perirad::TogetherScratch<T>& scratch() {
    static thread_local perirad::TogetherScratch<T> kept;
    return kept;
}

static nb::object counts_of(const perirad::Parts& parts, perirad::Coded& coded, perirad::Counts& counts,
                            nb::object statistics) {
    const std::size_t n = parts.n_regions, side = coded.side();
    return nb::make_tuple(owned(std::move(coded.first), {n}), owned(std::move(coded.of_regions), {n, side}), statistics,
                          owned(std::move(counts.differences), {n, side, std::size_t{9}}), cells_of(counts.pairs),
                          cells_of(counts.runs), cells_of(counts.zones), cells_of(counts.dependences));
}

template <typename T>
static nb::object count_together(Array<const T, 2> picture, double width, const perirad::Parts& parts) {
    perirad::TogetherScratch<T>& kept = scratch<T>();
    perirad::Coded coded;
    perirad::Counts counts;
    std::vector<double> statistics;
    bool done = false;
    {
        const nb::gil_scoped_release release;
        const perirad::Values<T> values = perirad::gather(parts, picture.data(), kept.values);
        done = perirad::code_by_width(parts, values, width, kept.coded, coded);
        if (done) {
            statistics = perirad::firstorder::measure_regions(parts, values, kept.firstorder);
            counts = perirad::count_coded(parts, coded, kept.zones);
        }
        kept.trim();
    }
    if (!done) return nb::none();
    const std::size_t shape[2] = {parts.n_regions, perirad::firstorder::kStatistics};
    return counts_of(parts, coded, counts, nb::cast(owned(std::move(statistics), {shape[0], shape[1]})));
}

void bind_together(nb::module_& m) {
    nb::class_<perirad::Parts>(m, "Parts")
        .def_ro("n_regions", &perirad::Parts::n_regions)
        .def_ro("n_parts", &perirad::Parts::n_parts)
        .def("shares", [](const perirad::Parts& parts) {
            std::size_t held = 0;
            for (const std::uint8_t member : parts.members) held += member;
            return held > parts.n_parts;
        });
    m.def("find_parts", find_parts, "masks"_a);
    m.def("count_together", count_together<double>, "picture"_a.noconvert(), "width"_a, "parts"_a);
    m.def("count_together", count_together<float>, "picture"_a.noconvert(), "width"_a, "parts"_a);
}
