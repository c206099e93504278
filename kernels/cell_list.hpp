// Non-zero cells of texture matrices.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace perirad {

// Non-zero cells, ordered by matrix, row i and column j.
struct CellList {
    std::vector<std::int64_t> matrix, i, j;
    std::vector<double> n;

    void add(std::size_t of, std::int64_t row, std::int64_t column, std::int64_t count) {
        matrix.push_back(static_cast<std::int64_t>(of));
        i.push_back(row);
        j.push_back(column);
        n.push_back(static_cast<double>(count));
    }
};

}  // namespace perirad
