import { Conv2d, Linear, MaxPool2d, Module } from "@tenon/models";
import { relu, type Tensor } from "@tenon/numerics";

/** The tutorial's network for 32x32 colour images in 10 classes. Shapes in the comments: [N, channels, height, width]. */
export class Net extends Module {
  conv1 = new Conv2d(3, 6, 5);
  pool = new MaxPool2d(2, 2);
  conv2 = new Conv2d(6, 16, 5);
  fc1 = new Linear(16 * 5 * 5, 120);
  fc2 = new Linear(120, 84);
  fc3: Linear;

  constructor(classes = 10) {
    super();
    this.fc3 = new Linear(84, classes);
  }

  forward(x: Tensor): Tensor {
    x = this.pool(relu(this.conv1(x))); // [N, 6, 14, 14]
    x = this.pool(relu(this.conv2(x))); // [N, 16, 5, 5]
    x = x.flatten(1); // [N, 400]
    x = relu(this.fc1(x)); // [N, 120]
    x = relu(this.fc2(x)); // [N, 84]
    return this.fc3(x); // [N, classes]
  }
}
