// Room that a thread keeps from one call to the next: the system takes longer to hand out new pages of memory than a
// kernel takes to fill them.
#pragma once
#include <cstddef>
#include <memory>
#include <new>

namespace perirad {

// Values that are not set, at an address that is a multiple of a line of the cache.
template <typename T>
class Scratch {
  public:
    T* take(std::size_t n) {
        if (n > size_) {
            kept_.reset();
            kept_.reset(new (std::align_val_t{kLine}) T[n]);
            size_ = n;
        }
        return kept_.get();
    }

    // Gives back what is large: there the work outweighs the pages.
    void trim() {
        if (size_ * sizeof(T) > kMostBytes) kept_.reset(), size_ = 0;
    }

  private:
    static constexpr std::size_t kLine = 64, kMostBytes = 32'000'000;
    struct Free {
        void operator()(T* values) const { ::operator delete[](values, std::align_val_t{kLine}); }
    };
    std::unique_ptr<T[], Free> kept_;
    std::size_t size_ = 0;
};

}  // namespace perirad
