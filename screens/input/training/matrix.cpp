#include "screens/input/training/matrix.hpp"

#include "screens/input/training/chance.hpp"
#include "screens/input/training/parallel.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace input::training {
namespace {

constexpr std::size_t lanes = 16;
using Lanes = std::array<float, lanes>;

float sum(const Lanes& lane) {
    float total = 0;
    for (const float value : lane) total += value;
    return total;
}

// Makes each row a right angle to those before it, and of length 1. Twice, for rounding.
void orthogonalise(Matrix& m) {
    for (std::size_t i = 0; i < m.rows; ++i) {
        for (int pass = 0; pass < 2; ++pass)
            for (std::size_t j = 0; j < i; ++j)
                add_scaled(m.row(i), m.row(j), -dot(m.row(i), m.row(j), m.columns), m.columns);
        const float scale = 1 / std::sqrt(dot(m.row(i), m.row(i), m.columns) + 1e-20f);
        for (std::size_t k = 0; k < m.columns; ++k) m.row(i)[k] *= scale;
    }
}

} // namespace

float dot(const float* a, const float* b, std::size_t size) {
    Lanes lane{};
    for (std::size_t i = 0; i < size; i += lanes)
        for (std::size_t k = 0; k < lanes; ++k) lane[k] += a[i + k] * b[i + k];
    return sum(lane);
}

float distance_squared(const float* a, const float* b, std::size_t size) {
    Lanes lane{};
    for (std::size_t i = 0; i < size; i += lanes)
        for (std::size_t k = 0; k < lanes; ++k) {
            const float apart = a[i + k] - b[i + k];
            lane[k] += apart * apart;
        }
    return sum(lane);
}

void add_scaled(float* into, const float* from, float by, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) into[i] += by * from[i];
}

void add_products(Matrix& into, const Matrix& rows, std::size_t row_count, std::size_t jobs) {
    constexpr std::size_t tile = 64; // a tile of the result stays in the nearest cache
    const auto size = into.rows;
    std::vector<std::array<std::size_t, 2>> tiles;
    for (std::size_t i = 0; i < size; i += tile)
        for (std::size_t j = 0; j <= i; j += tile) tiles.push_back({i, j});
    in_parallel(tiles.size(), jobs, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = begin; t < end; ++t) {
            const auto [first_i, first_j] = tiles[t];
            const auto width = std::min(tile, size - first_j);
            for (std::size_t r = 0; r < row_count; ++r) {
                const float* x = rows.row(r);
                for (std::size_t i = first_i; i < std::min(first_i + tile, size); ++i)
                    add_scaled(into.row(i) + first_j, x + first_j, x[i], width);
            }
        }
    });
}

Matrix inverse_cholesky(const Matrix& symmetric, std::size_t jobs) {
    const auto n = symmetric.rows;
    std::vector<double> lower(n * n, 0);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double value = symmetric.row(i)[j];
            for (std::size_t k = 0; k < j; ++k) value -= lower[i * n + k] * lower[j * n + k];
            lower[i * n + j] =
                i == j ? std::sqrt(std::max(value, 1e-12)) : value / lower[j * n + j];
        }
    Matrix inverse(n, n);
    in_parallel(n, jobs, [&](std::size_t begin, std::size_t end) {
        std::vector<double> column(n);
        for (std::size_t c = begin; c < end; ++c) {
            for (std::size_t i = c; i < n; ++i) {
                double value = i == c;
                for (std::size_t k = c; k < i; ++k) value -= lower[i * n + k] * column[k];
                column[i] = value / lower[i * n + i];
                inverse.row(i)[c] = float(column[i]);
            }
        }
    });
    return inverse;
}

Matrix main_directions(const Matrix& symmetric, std::size_t count, std::size_t jobs) {
    constexpr int rounds = 14; // measured: further ones change no rate
    const auto n = symmetric.rows;
    Matrix directions(count, n);
    Chance chance(1);
    for (auto& value : directions.values) value = chance.normal();
    for (int round = 0; round < rounds; ++round) {
        Matrix next(count, n);
        in_parallel(count, jobs, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                for (std::size_t k = 0; k < n; ++k)
                    add_scaled(next.row(i), symmetric.row(k), directions.row(i)[k], n);
        });
        orthogonalise(next);
        directions = std::move(next);
    }
    return directions;
}

} // namespace input::training
