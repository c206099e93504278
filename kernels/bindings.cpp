// The module `perirad._kernels`: each family registers its own functions. No arithmetic here.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

void bind_texture(nb::module_& m);
void bind_together(nb::module_& m);
void bind_filters(nb::module_& m);
void bind_lasso(nb::module_& m);
void bind_maps(nb::module_& m);
void bind_cells(nb::module_& m);
void bind_regions(nb::module_& m);
void bind_ranks(nb::module_& m);

NB_MODULE(_kernels, m) {
    m.doc() = "Compiled kernels of perirad: they receive and fill arrays and know nothing else.";
    bind_texture(m);
    bind_together(m);
    bind_filters(m);
    bind_lasso(m);
    bind_maps(m);
    bind_cells(m);
    bind_regions(m);
    bind_ranks(m);
}
