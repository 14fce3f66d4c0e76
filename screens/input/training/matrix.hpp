// The few operations on vectors and matrices that training spends its time on. Rows lie one behind
// the other. Sums are taken in a fixed order: the same bytes on every machine and with any number
// of threads.
#pragma once

#include <cstddef>
#include <vector>

namespace input::training {

struct Matrix {
    std::size_t rows = 0, columns = 0;
    std::vector<float> values;

    Matrix() = default;
    Matrix(std::size_t r, std::size_t c) : rows(r), columns(c), values(r * c, 0.f) {}
    float* row(std::size_t i) { return &values[i * columns]; }
    const float* row(std::size_t i) const { return &values[i * columns]; }
};

// Sizes are multiples of 16.
float dot(const float* a, const float* b, std::size_t size);
float distance_squared(const float* a, const float* b, std::size_t size);
void add_scaled(float* into, const float* from, float by, std::size_t size); // into += by * from

// The sum of x times its transpose over all rows x of `rows`, lower half only, added to `into`.
void add_products(Matrix& into, const Matrix& rows, std::size_t row_count, std::size_t jobs);

// The inverse of the lower triangle L with L times its transpose = `symmetric` (Cholesky). The
// lower half of `symmetric` is read; it is positive definite.
Matrix inverse_cholesky(const Matrix& symmetric, std::size_t jobs);

// The `count` directions in which the symmetric matrix is largest, as rows of length 1 (orthogonal
// iteration).
Matrix main_directions(const Matrix& symmetric, std::size_t count, std::size_t jobs);

} // namespace input::training
