// Non-zero cells of texture matrices.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace perirad {

// Non-zero cells, ordered by matrix, row i and column j. `first` is the number of an image's first matrix.
struct CellList {
    std::size_t first = 0;
    std::vector<std::int64_t> matrix, i, j;
    std::vector<double> n;

    void add(std::size_t of, std::int64_t row, std::int64_t column, double count) {
        matrix.push_back(static_cast<std::int64_t>(first + of));
        i.push_back(row);
        j.push_back(column);
        n.push_back(count);
    }

    void add(std::size_t of, std::int64_t row, std::int64_t column, std::int64_t count) {
        add(of, row, column, static_cast<double>(count));
    }
};

}  // namespace perirad
