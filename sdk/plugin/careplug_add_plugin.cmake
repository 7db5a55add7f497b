# careplug_add_plugin(NAME SOURCES...): a policy as build/plugins/NAME.so. It exports careplug_entry alone and
# needs libc alone, so that it loads beside any other C++ library and runs in a jail without files.
function(careplug_add_plugin name)
  cmake_parse_arguments(arg "" "DIRECTORY" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT arg_DIRECTORY)
    set(arg_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  endif()
  set(target careplug_plugin_${name})
  add_library(${target} MODULE ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE careplug_plugin ${arg_LIBRARIES})
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} PREFIX ""
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${arg_DIRECTORY} LINK_DEPENDS ${CAREPLUG_PLUGIN_EXPORTS})
  if(WIN32)
    # CAREPLUG_EXPORT alone makes an export there; the compiler's own libraries go inside, the system's do not.
    target_link_options(${target} PRIVATE -static)
    return()
  endif()
  target_link_options(${target} PRIVATE -Wl,--version-script=${CAREPLUG_PLUGIN_EXPORTS} -Wl,--gc-sections)
  # A sanitizer brings shared libraries of its own.
  if(NOT CAREPLUG_SANITIZE)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc -Wl,--as-needed -Wl,-z,defs)
  endif()
endfunction()
