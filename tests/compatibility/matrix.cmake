# Hosts, loaders, engines and plugins of several levels, for the test that runs each with each. A level is a
# version and whether the headers have grown (successor.mjs). Nothing large is compiled twice: a level of what has
# not grown is linked again with another version.cpp, and the grown engine is today's with the grown plugin face.
set(matrix ${CMAKE_BINARY_DIR}/tests/compatibility)
set(successor ${matrix}/successor)
set(programs ${CMAKE_CURRENT_SOURCE_DIR}/programs)

file(GLOB_RECURSE copied RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS
  ${CMAKE_SOURCE_DIR}/sdk/wire/*.cpp ${CMAKE_SOURCE_DIR}/sdk/wire/*.h
  ${CMAKE_SOURCE_DIR}/sdk/loader/*.cpp ${CMAKE_SOURCE_DIR}/sdk/loader/*.h)
list(FILTER copied EXCLUDE REGEX "/windows/")
list(APPEND copied tests/abi/scripted_engine.cpp tests/abi/scripted_session.cpp tests/abi/scripted.h
  sdk/tools/played_engine/played_engine.cpp sdk/tools/played_engine/played_engine.h)
file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/abi/include/careplug/*.h)
set(levels grown next released successor)
foreach(header IN LISTS headers)
  get_filename_component(name ${header} NAME)
  foreach(level IN LISTS levels)
    list(APPEND made ${successor}/${level}/include/careplug/${name})
  endforeach()
endforeach()
list(TRANSFORM copied PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE originals)
list(TRANSFORM copied PREPEND ${successor}/ OUTPUT_VARIABLE copies)
add_custom_command(OUTPUT ${copies} ${made} ${successor}/plugin-face/careplug/plugin.h
  COMMAND ${CAREPLUG_NODE} ${CMAKE_CURRENT_SOURCE_DIR}/successor.mjs ${successor}
  DEPENDS ${originals} ${headers} ${CMAKE_CURRENT_SOURCE_DIR}/successor.mjs
  COMMENT "Imagining the successor of this checkout" VERBATIM)
add_custom_target(careplug_successor_sources DEPENDS ${copies} ${made} ${successor}/plugin-face/careplug/plugin.h)

# Read once and run once: quick to compile is best.
function(successor_of target)
  add_dependencies(${target} careplug_successor_sources)
  target_compile_options(${target} PRIVATE -O0 -g0)
endfunction()

set(wire_copies ${copies})
list(FILTER wire_copies INCLUDE REGEX "/sdk/wire/.*\\.cpp$")
list(FILTER wire_copies EXCLUDE REGEX "this_version\\.cpp$")
set(loader_copies ${copies})
list(FILTER loader_copies INCLUDE REGEX "/sdk/loader/.*\\.cpp$")
set(scripted_copies ${copies})
list(FILTER scripted_copies INCLUDE REGEX "/(scripted_.*|played_engine)\\.cpp$")
set(engine ${CMAKE_SOURCE_DIR}/sdk/engine/src)
foreach(part wire loader scripted)
  add_library(careplug_successor_${part} OBJECT ${${part}_copies})
  target_include_directories(careplug_successor_${part} PRIVATE
    ${successor}/grown/include ${successor}/sdk/wire/include ${successor}/sdk/wire/src ${successor}/sdk/loader/src
    ${successor}/sdk/tools/played_engine ${CMAKE_SOURCE_DIR}/sdk/controls/include)
  target_compile_definitions(careplug_successor_${part} PRIVATE CAREPLUG_LOADER_BUILD)
  successor_of(careplug_successor_${part})
endforeach()

# The files of engine and jail that handle the records of plugin.h.
set(jail ${CMAKE_SOURCE_DIR}/sdk/jail/src)
add_library(careplug_successor_engine OBJECT ${engine}/plugins/jailed_plugin.cpp ${engine}/session/session_flags.cpp
  ${engine}/session/flag_order.cpp)
target_link_libraries(careplug_successor_engine PRIVATE careplug_controls careplug_engine_parts)
add_library(careplug_grown_jail OBJECT ${jail}/policy_library.cpp ${jail}/serve.cpp)
add_library(careplug_jail_rest OBJECT ${jail}/main.cpp ${jail}/sandbox.cpp ${jail}/filters.cpp)
foreach(target careplug_grown_jail careplug_jail_rest)
  target_link_libraries(${target} PRIVATE careplug_controls careplug_confinement careplug_wire careplug_abi Boost::headers)
  target_compile_definitions(${target} PRIVATE BOOST_DLL_USE_STD_FS)
endforeach()
foreach(target careplug_successor_engine careplug_grown_jail)
  target_include_directories(${target} BEFORE PRIVATE ${successor}/plugin-face)
endforeach()
foreach(target careplug_successor_engine careplug_grown_jail careplug_jail_rest)
  successor_of(${target})
endforeach()

# careplug_level(NAME GROWS MAJOR MINOR CANDIDATE): loader, engine, host and plugin of one level.
function(careplug_level level grows major minor candidate)
  set(version ${CMAKE_CURRENT_SOURCE_DIR}/programs/other_version.cpp)
  if(grows)
    set(loader_parts $<TARGET_OBJECTS:careplug_successor_loader> $<TARGET_OBJECTS:careplug_successor_wire>)
    set(engine_parts $<TARGET_OBJECTS:careplug_successor_engine>)
    set(jail_parts $<TARGET_OBJECTS:careplug_grown_jail> $<TARGET_OBJECTS:careplug_jail_rest>)
  else()
    set(loader_parts $<TARGET_OBJECTS:careplug_loader>)
    set(engine_parts)
    set(jail_parts $<TARGET_OBJECTS:careplug-jail>)
  endif()
  add_library(careplug_loader_${level} SHARED ${version} ${loader_parts})
  if(NOT grows)
    target_link_libraries(careplug_loader_${level} PRIVATE careplug_loader_parts)
  endif()
  set_target_properties(careplug_loader_${level} PROPERTIES OUTPUT_NAME careplug)
  target_link_options(careplug_loader_${level} PRIVATE -static-libgcc -static-libstdc++
    -Wl,--version-script=${CMAKE_SOURCE_DIR}/sdk/loader/linux/exports.map -Wl,-z,defs)
  add_executable(careplug_engine_${level} ${version} ${engine_parts} $<TARGET_OBJECTS:careplug-engine>)
  target_link_libraries(careplug_engine_${level} PRIVATE careplug_engine_parts)
  set_target_properties(careplug_engine_${level} PROPERTIES OUTPUT_NAME careplug-engine)
  add_executable(careplug_jail_${level} ${version} ${jail_parts})
  target_link_libraries(careplug_jail_${level} PRIVATE careplug_confinement careplug_wire ${CMAKE_DL_LIBS})
  # As sdk/jail/CMakeLists.txt links it.
  target_link_options(careplug_jail_${level} PRIVATE -static-libstdc++ -static-libgcc
    -Wl,--push-state,--no-as-needed -lm -Wl,--pop-state)
  set_target_properties(careplug_jail_${level} PROPERTIES OUTPUT_NAME careplug-jail)
  add_dependencies(careplug_engine_${level} careplug_jail_${level})
  foreach(target careplug_loader_${level} careplug_engine_${level} careplug_jail_${level})
    target_compile_definitions(${target} PRIVATE CAREPLUG_OTHER_VERSION=${major},${minor},${candidate})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/sdk/wire/include)
    set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${matrix}/${level}
      RUNTIME_OUTPUT_DIRECTORY ${matrix}/${level})
    add_dependencies(${target} careplug_successor_sources)
  endforeach()
  careplug_small_programs(${level} ${successor}/${level}/include)
endfunction()

# The small host is linked without a path to its loader: the test gives it one.
function(careplug_small_programs level include)
  add_executable(careplug_small_host_${level} ${programs}/host.c)
  add_library(careplug_small_policy_${level} MODULE ${programs}/policy.c)
  target_link_libraries(careplug_small_host_${level} PRIVATE $<TARGET_LINKER_FILE:careplug_loader> ${CMAKE_DL_LIBS})
  add_dependencies(careplug_small_host_${level} careplug_loader)
  foreach(target careplug_small_host_${level} careplug_small_policy_${level})
    target_include_directories(${target} PRIVATE ${include})
    set_target_properties(${target} PROPERTIES SKIP_BUILD_RPATH TRUE PREFIX "" OUTPUT_NAME ${level}
      RUNTIME_OUTPUT_DIRECTORY ${matrix}/hosts LIBRARY_OUTPUT_DIRECTORY ${matrix}/plugins)
    add_dependencies(${target} careplug_successor_sources)
  endforeach()
endfunction()

file(READ ${CMAKE_SOURCE_DIR}/abi/include/careplug/base.h base)
foreach(part MAJOR MINOR CANDIDATE)
  string(REGEX MATCH "CAREPLUG_ABI_${part} ([0-9]+)" found "${base}")
  set(${part} ${CMAKE_MATCH_1})
endforeach()
math(EXPR LATER "${MINOR} + 1")
careplug_small_programs(current ${CMAKE_SOURCE_DIR}/abi/include)
careplug_level(grown ON ${MAJOR} ${MINOR} ${CANDIDATE})
careplug_level(next ON ${MAJOR} ${LATER} 1)
careplug_level(released OFF ${MAJOR} ${MINOR} 0)
careplug_level(successor ON ${MAJOR} ${LATER} 0)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/abi/include/careplug/base.h)

add_executable(careplug_scripted_successor $<TARGET_OBJECTS:careplug_successor_scripted>
  $<TARGET_OBJECTS:careplug_successor_wire> programs/other_version.cpp)
target_compile_definitions(careplug_scripted_successor PRIVATE CAREPLUG_OTHER_VERSION=${MAJOR},${MINOR},${CANDIDATE})
target_include_directories(careplug_scripted_successor PRIVATE ${CMAKE_SOURCE_DIR}/sdk/wire/include)
target_link_libraries(careplug_scripted_successor PRIVATE Threads::Threads)
set_target_properties(careplug_scripted_successor PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${matrix})

# The helper in C++ with the successor's headers: the two files of it that touch records.
set(helper ${CMAKE_SOURCE_DIR}/sdk/plugin/src)
careplug_add_plugin(helper_successor DIRECTORY ${matrix}/plugins
  SOURCES ${CMAKE_SOURCE_DIR}/samples/plugins/night_nursing.cpp ${helper}/handshake.cpp ${helper}/flag_records.cpp)
target_include_directories(careplug_plugin_helper_successor BEFORE PRIVATE ${successor}/successor/include)
target_include_directories(careplug_plugin_helper_successor PRIVATE ${helper})
target_link_libraries(careplug_plugin_helper_successor PRIVATE nlohmann_json::nlohmann_json)
successor_of(careplug_plugin_helper_successor)

add_executable(careplug_matrix_tests matrix/cell.cpp matrix/page.cpp matrix/matrix_test.cpp
               matrix/values_test.cpp ${CMAKE_SOURCE_DIR}/tests/engine/scene.cpp)
target_link_libraries(careplug_matrix_tests PRIVATE careplug_catch careplug_test_services careplug_wire)
target_include_directories(careplug_matrix_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_compile_definitions(careplug_matrix_tests PRIVATE CAREPLUG_BUILD_DIR="${CMAKE_BINARY_DIR}"
  CAREPLUG_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
set_target_properties(careplug_matrix_tests PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
foreach(level IN LISTS levels)
  add_dependencies(careplug_matrix_tests careplug_loader_${level} careplug_engine_${level})
endforeach()
foreach(level current ${levels})
  add_dependencies(careplug_matrix_tests careplug_small_host_${level} careplug_small_policy_${level})
endforeach()
add_dependencies(careplug_matrix_tests careplug_plugin_gp careplug_plugin_helper_successor careplug_scripted_engine
  careplug_scripted_successor)
add_test(NAME compatibility_matrix COMMAND careplug_matrix_tests)
set_tests_properties(compatibility_matrix PROPERTIES LABELS gate TIMEOUT 300)
