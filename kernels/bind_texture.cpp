// Texture matrices (GLCM, GLRLM, GLSZM, GLDM, NGTDM) as Python functions.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

void bind_texture(nb::module_&) {}
