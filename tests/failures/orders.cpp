#include "failures/orders.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>

namespace careplug::test {

Failures::Failures(const std::filesystem::path& program) : orders_(nullptr) {
    const int file = ::open(orders_of(program).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    void* memory = MAP_FAILED;
    if (file >= 0 && ::ftruncate(file, sizeof(Orders)) == 0)
        memory = ::mmap(nullptr, sizeof(Orders), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (memory == MAP_FAILED) throw std::runtime_error("no orders can be given");
    orders_ = static_cast<Orders*>(memory);
    end();
}

Failures::~Failures() {
    end();
    ::munmap(orders_, sizeof(Orders));
}

void Failures::order(Failing kind, long nth) {
    end();
    orders_->failed = 0;
    orders_->seen = 0;
    orders_->after = nth - 1;
    orders_->kind = static_cast<int>(kind);
}

bool Failures::end() {
    orders_->kind = static_cast<int>(Failing::nothing);
    return orders_->failed != 0;
}

}  // namespace careplug::test
