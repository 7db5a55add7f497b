#include <catch2/catch.hpp>

#include "scene.h"

using namespace careplug::test;
