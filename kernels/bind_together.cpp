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

static std::vector<perirad::Mask> masks_of(const Masks& masks) {
    std::vector<perirad::Mask> found;
    for (const auto& mask : masks) found.push_back({mask.data(), mask.stride(0)});
    return found;
}

static perirad::Parts find_parts(const Masks& masks) {
    const std::vector<perirad::Mask> of_regions = masks_of(masks);
    const std::size_t rows = masks[0].shape(0), columns = masks[0].shape(1);
    const nb::gil_scoped_release release;
    return perirad::find_parts(of_regions, rows, columns);
}

// The regions of a case: their parts, and, for a number of bins, each region for itself.
struct Regions {
    perirad::Parts parts;
    std::vector<perirad::Parts> alone;

    void separate(const Masks& masks) {
        const std::size_t rows = masks[0].shape(0), columns = masks[0].shape(1);
        for (const perirad::Mask& mask : masks_of(masks)) alone.push_back(perirad::crop(mask, rows, columns));
    }
};

// Bins of a fixed width, or, where count is not 0, a fixed number of them.
struct Bins {
    double width;
    std::size_t count;
};

template <typename T>
static bool count(const Regions& regions, const Array<const T, 2>& picture, const Bins& bins, perirad::Counts& counts) {
    if (picture.shape(0) + 2 != regions.parts.rows || picture.shape(1) + 2 != regions.parts.columns) {
        throw nb::value_error("a picture must have the regions' shape");
    }
    static thread_local perirad::TogetherScratch<T> kept;
    const nb::gil_scoped_release release;
    const T* const pixels = picture.data();
    const bool done = bins.count == 0
                          ? perirad::count_by_width(regions.parts, pixels, bins.width, kept, counts)
                          : perirad::count_by_count(regions.parts, regions.alone, pixels, bins.count, kept, counts);
    kept.trim();
    return done;
}

static nb::object count_together(const nb::list& pictures, const Regions& regions, double width, std::size_t n_bins) {
    perirad::Counts counts;
    nb::list done;
    for (const nb::handle picture : pictures) {
        Array<const double, 2> doubles;
        Array<const float, 2> singles;
        bool counted = false;
        if (nb::try_cast(picture, doubles, false)) {
            counted = count(regions, doubles, Bins{width, n_bins}, counts);
        } else if (nb::try_cast(picture, singles, false)) {
            counted = count(regions, singles, Bins{width, n_bins}, counts);
        }
        done.append(counted);
    }
    const std::size_t n = counts.n_levels.size();
    return nb::make_tuple(done, owned(std::move(counts.n_levels), {n}), owned(std::move(counts.n_pixels), {n}),
                          owned(std::move(counts.statistics), {n, perirad::firstorder::kStatistics}),
                          owned(std::move(counts.entropy), {n}), owned(std::move(counts.uniformity), {n}),
                          cells_of(counts.tones), cells_of(counts.pairs), cells_of(counts.runs), cells_of(counts.zones),
                          cells_of(counts.dependences));
}

void bind_together(nb::module_& m) {
    nb::class_<Regions>(m, "Regions")
        .def("__init__", [](Regions* made, const Masks& masks) { new (made) Regions{find_parts(masks), {}}; })
        .def_prop_ro("n_parts", [](const Regions& regions) { return regions.parts.n_parts; })
        .def("separate", &Regions::separate, "masks"_a);
    m.def(
        "bounds",
        [](const Masks& masks) {
            const perirad::Bounds found = perirad::bounds_of(masks_of(masks), masks[0].shape(0), masks[0].shape(1));
            return nb::make_tuple(found.top, found.left, found.bottom, found.right);
        },
        "masks"_a);
    m.def("count_together", count_together, "pictures"_a, "regions"_a, "width"_a, "n_bins"_a);
}
