// Trigonometric functions and their inverses.

#include "common/unary.h"

namespace NSP {

UNARY(sin) {
  FORMULA value(V x) { return sin(x); }
  FORMULA derivative(V x) { return cos(x); }
};

UNARY(cos) {
  FORMULA value(V x) { return cos(x); }
  FORMULA derivative(V x) { return -sin(x); }
};

UNARY(tan) {
  FORMULA value(V x) { return tan(x); }
  FORMULA derivative(V x) {
    const V t = tan(x);
    return 1.0 + t * t;
  }
};

UNARY(asin) {
  FORMULA value(V x) { return asin(x); }
  FORMULA derivative(V x) { return 1.0 / cosine_of_sine(x); }
};

UNARY(acos) {
  FORMULA value(V x) { return acos(x); }
  FORMULA derivative(V x) { return -1.0 / cosine_of_sine(x); }
};

UNARY(atan) {
  FORMULA value(V x) { return atan(x); }
  FORMULA derivative(V x) { return 1.0 / (1.0 + x * x); }
};

}  // namespace NSP
