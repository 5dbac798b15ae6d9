import {
  BatchNorm2d,
  Conv2d,
  Embedding,
  LayerNorm,
  Linear,
  LSTM,
  MaxPool2d,
  Module,
  ModuleList,
  ReLU,
  Sequential,
} from "@tenon/models";
import { arange, gelu, relu, softmax, type Tensor, where } from "@tenon/numerics";

/** The tutorial's network. */
export class CifarNet extends Module {
  conv1 = new Conv2d(3, 6, 5);
  conv2 = new Conv2d(6, 16, 5);
  pool = new MaxPool2d(2, 2);
  fc1 = new Linear(400, 120);
  fc2 = new Linear(120, 84);
  fc3 = new Linear(84, 10);

  forward(x: Tensor): Tensor {
    x = this.pool(relu(this.conv1(x)));
    x = this.pool(relu(this.conv2(x)));
    x = x.flatten(1);
    x = relu(this.fc1(x));
    x = relu(this.fc2(x));
    return this.fc3(x);
  }
}

export function mlp(sizes: readonly number[]): Sequential {
  const layers: Module[] = [];
  for (let i = 0; i + 1 < sizes.length; i++) {
    layers.push(new Linear(sizes[i]!, sizes[i + 1]!));
    if (i + 2 < sizes.length) layers.push(new ReLU());
  }
  return new Sequential(...(layers as (Linear | ReLU)[]));
}

class BasicBlock extends Module {
  conv1: Conv2d;
  bn1: BatchNorm2d;
  conv2: Conv2d;
  bn2: BatchNorm2d;
  downsample: Sequential | null;

  constructor(into: number, out: number, stride: number) {
    super();
    this.conv1 = new Conv2d(into, out, 3, { stride, padding: 1, bias: false });
    this.bn1 = new BatchNorm2d(out);
    this.conv2 = new Conv2d(out, out, 3, { padding: 1, bias: false });
    this.bn2 = new BatchNorm2d(out);
    const same = stride === 1 && into === out;
    this.downsample = same
      ? null
      : new Sequential(new Conv2d(into, out, 1, { stride, bias: false }), new BatchNorm2d(out));
  }

  forward(x: Tensor): Tensor {
    const y = this.bn2(this.conv2(relu(this.bn1(this.conv1(x)))));
    return relu(y.add(this.downsample === null ? x : (this.downsample(x) as Tensor)));
  }
}

/** The ImageNet form has a 7x7 stem with a pool and 1000 classes, the other a 3x3 stem and 10. */
export class ResNet18 extends Module {
  conv1: Conv2d;
  bn1 = new BatchNorm2d(64);
  pool: MaxPool2d | null;
  layer1 = new Sequential(new BasicBlock(64, 64, 1), new BasicBlock(64, 64, 1));
  layer2 = new Sequential(new BasicBlock(64, 128, 2), new BasicBlock(128, 128, 1));
  layer3 = new Sequential(new BasicBlock(128, 256, 2), new BasicBlock(256, 256, 1));
  layer4 = new Sequential(new BasicBlock(256, 512, 2), new BasicBlock(512, 512, 1));
  fc: Linear;

  constructor(imagenet: boolean) {
    super();
    this.conv1 = imagenet
      ? new Conv2d(3, 64, 7, { stride: 2, padding: 3, bias: false })
      : new Conv2d(3, 64, 3, { padding: 1, bias: false });
    this.pool = imagenet ? new MaxPool2d(3, 2, { padding: 1 }) : null;
    this.fc = new Linear(512, imagenet ? 1000 : 10);
  }

  forward(x: Tensor): Tensor {
    let y = relu(this.bn1(this.conv1(x)));
    if (this.pool !== null) y = this.pool(y);
    for (const layer of [this.layer1, this.layer2, this.layer3, this.layer4]) y = layer(y) as Tensor;
    return this.fc(y.mean([2, 3]));
  }
}

class GptBlock extends Module {
  static override readonly stateKeys = { mask: null };

  ln1: LayerNorm;
  qkv: Linear;
  proj: Linear;
  ln2: LayerNorm;
  fc: Linear;
  out: Linear;
  mask: Tensor;
  readonly heads: number;

  constructor(width: number, heads: number, length: number) {
    super();
    this.heads = heads;
    this.ln1 = new LayerNorm(width);
    this.qkv = new Linear(width, 3 * width);
    this.proj = new Linear(width, width);
    this.ln2 = new LayerNorm(width);
    this.fc = new Linear(width, 4 * width);
    this.out = new Linear(4 * width, width);
    const places = arange(length);
    this.mask = places.gt(places.unsqueeze(1));
  }

  forward(x: Tensor): Tensor {
    const [batch, time, width] = x.shape as [number, number, number];
    const head = width / this.heads;
    const joined = this.qkv(this.ln1(x)).reshape([batch, time, 3, this.heads, head]).permute([2, 0, 3, 1, 4]);
    const [q, k, v] = [0, 1, 2].map((i) => joined.select(0, i)) as [Tensor, Tensor, Tensor];
    const scores = q.matmul(k.transpose(-2, -1)).mul(1 / Math.sqrt(head));
    const attention = softmax(where(this.mask, Number.NEGATIVE_INFINITY, scores), -1);
    const mixed = attention.matmul(v).transpose(1, 2).reshape([batch, time, width]);
    const y = x.add(this.proj(mixed));
    return y.add(this.out(gelu(this.fc(this.ln2(y)))));
  }
}

export class TinyGpt extends Module {
  static override readonly stateKeys = { positions: null };

  tok: Embedding;
  pos: Embedding;
  blocks: ModuleList<GptBlock>;
  lnf: LayerNorm;
  head: Linear;
  positions: Tensor;

  constructor(vocabulary = 256, width = 128, heads = 4, layers = 4, length = 128) {
    super();
    this.tok = new Embedding(vocabulary, width);
    this.pos = new Embedding(length, width);
    this.blocks = new ModuleList(Array.from({ length: layers }, () => new GptBlock(width, heads, length)));
    this.lnf = new LayerNorm(width);
    this.head = new Linear(width, vocabulary, { bias: false });
    this.positions = arange(0, length, 1, { dtype: "int64" });
  }

  forward(index: Tensor): Tensor {
    let x = this.tok(index).add(this.pos(this.positions));
    for (const block of this.blocks) x = block(x);
    return this.head(this.lnf(x));
  }
}

export class LstmNet extends Module {
  lstm = new LSTM(128, 128, { batchFirst: true });
  head = new Linear(128, 10);

  forward(x: Tensor): Tensor {
    const [y] = this.lstm(x);
    return this.head(y.select(1, -1));
  }
}
