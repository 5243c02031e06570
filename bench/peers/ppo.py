"""CVaR-PPO in PyTorch, on one page and in the manner of CleanRL's ppo.py: the peer of learning/ppo.ts, on the same sessions."""

import json
import resource
import sys
import time

try:
    import numpy as np
    import torch
    from torch import nn
    from torch.distributions.categorical import Categorical
except ImportError:
    sys.exit(3)

TASK = json.loads(sys.argv[1])
ENVS, HORIZON, EPOCHS, BATCH = TASK["envs"], TASK["horizon"], TASK["epochs"], TASK["batch"]
SIZES = np.array([0, 0.25, 0.5, 1, 1.5, 2], dtype=np.float32)
SESSION, COLUMNS, WIDTH, LIMIT = 16, 11, 16, 8.0
GAMMA, LAMBDA, CLIP, ENTROPY, RATE, NORM = 0.99, 0.95, 0.2, 0.01, 3e-4, 0.5
ALPHA, CVAR_LIMIT = 0.05, TASK["cvarLimit"]


class Market:
    """Sessions of 16 trades, all environments at once; the same as learning/ppo-market.ts."""

    def __init__(self, name, envs):
        y = np.fromfile(f"{TASK['data']}/{name}.y", dtype="<f4")
        x = np.fromfile(f"{TASK['data']}/{name}.x", dtype="<f4").reshape(len(y), -1)
        self.x = np.clip(x[:, :COLUMNS], -3, 3) / np.float32(3)
        self.r = np.float32(0.5) * y
        self.sessions, self.envs = len(y) // SESSION, envs
        self.session = np.arange(envs)
        self.clear(np.ones(envs, dtype=bool))

    def clear(self, done):
        if not hasattr(self, "trade"):
            self.trade = np.zeros(self.envs, dtype=np.int64)
            self.gain, self.peak, self.wins, self.last = (np.zeros(self.envs, dtype=np.float32) for _ in range(4))
        for array in (self.trade, self.gain, self.peak, self.wins, self.last):
            array[done] = 0

    def state(self):
        state = np.empty((self.envs, WIDTH), dtype=np.float32)
        state[:, :COLUMNS] = self.x[self.session * SESSION + np.minimum(self.trade, SESSION - 1)]
        state[:, 11] = self.gain / 8
        state[:, 12] = (self.peak - self.gain) / LIMIT
        state[:, 13] = self.trade / SESSION
        state[:, 14] = (self.wins + 5) / (self.trade + 10)
        state[:, 15] = self.last / 2
        return state

    def step(self, action):
        size = SIZES[action]
        r = self.r[self.session * SESSION + self.trade]
        reward = size * r - np.float32(0.005) * np.maximum(size - 1, 0)
        self.gain += reward
        self.peak = np.maximum(self.peak, self.gain)
        self.wins += r > 0
        self.trade += 1
        self.last = size
        done = (self.trade == SESSION) | (self.peak - self.gain >= LIMIT)
        gain = self.gain.copy()
        self.session[done] = (self.session[done] + self.envs) % self.sessions
        self.clear(done)
        return self.state(), reward, done, gain


def layer(wide, out, std=np.sqrt(2)):
    made = nn.Linear(wide, out)
    nn.init.orthogonal_(made.weight, std)
    nn.init.constant_(made.bias, 0.0)
    return made


def network(out, std):
    return nn.Sequential(layer(WIDTH, 64), nn.Tanh(), layer(64, 64), nn.Tanh(), layer(64, out, std))


torch.manual_seed(TASK["seed"])
torch.set_num_threads(TASK["torchThreads"])
actor, critic = network(len(SIZES), 0.01), network(1, 1.0)
parameters = [*actor.parameters(), *critic.parameters()]
market = Market("train", ENVS)
start = time.perf_counter()

optimiser = torch.optim.Adam(parameters, lr=RATE, eps=1e-5)
states = torch.zeros((HORIZON, ENVS, WIDTH))
actions, logprobs, rewards, dones, values = (torch.zeros((HORIZON, ENVS)) for _ in range(5))
losses, multiplier, z = [], 0.0, 0.0
state = torch.from_numpy(market.state())
for _ in range(TASK["iterations"]):
    for t in range(HORIZON):
        with torch.no_grad():
            policy = Categorical(logits=actor(state))
            action = policy.sample()
            states[t], actions[t], logprobs[t], values[t] = state, action, policy.log_prob(action), critic(state)[:, 0]
        following, reward, done, gain = market.step(action.numpy())
        if done.any():
            reward[done] -= multiplier / ALPHA * np.maximum(-gain[done] - z, 0)
            losses.extend(-gain[done])
        rewards[t], dones[t], state = torch.from_numpy(reward), torch.from_numpy(done), torch.from_numpy(following)
    losses = losses[-1000:]
    if len(losses) >= 1 / ALPHA:
        rising = np.sort(losses)
        z = rising[int(np.ceil((1 - ALPHA) * len(rising) - 1e-9)) - 1]
        cvar = z + np.mean(np.maximum(rising - z, 0)) / ALPHA
        multiplier = min(100.0, max(0.0, multiplier + 0.05 * (cvar - CVAR_LIMIT)))

    with torch.no_grad():
        upcoming, advantage = critic(state)[:, 0], torch.zeros(ENVS)
        advantages = torch.zeros((HORIZON, ENVS))
        for t in reversed(range(HORIZON)):
            delta = rewards[t] + GAMMA * (1 - dones[t]) * upcoming - values[t]
            advantages[t] = advantage = delta + GAMMA * LAMBDA * (1 - dones[t]) * advantage
            upcoming = values[t]
        returns = advantages + values
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
    flat = [a.reshape(-1, *a.shape[2:]) for a in (states, actions, logprobs, advantages, returns)]
    for _ in range(EPOCHS):
        for rows in torch.randperm(HORIZON * ENVS).split(BATCH):
            s, a, old, adv, ret = (part[rows] for part in flat)
            policy = Categorical(logits=actor(s))
            ratio = (policy.log_prob(a) - old).exp()
            gain = torch.min(adv * ratio, adv * ratio.clamp(1 - CLIP, 1 + CLIP)).mean()
            loss = 0.5 * (critic(s)[:, 0] - ret).pow(2).mean() - gain - ENTROPY * policy.entropy().mean()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(actor.parameters(), NORM)
            nn.utils.clip_grad_norm_(critic.parameters(), NORM)
            optimiser.step()

elapsed = time.perf_counter() - start
test = Market("test", len(np.fromfile(f"{TASK['data']}/test.y", dtype="<f4")) // SESSION)
open_, gains = np.ones(test.envs, dtype=bool), np.zeros(test.envs, dtype=np.float32)
for _ in range(SESSION):
    with torch.no_grad():
        greedy = actor(torch.from_numpy(test.state())).argmax(1).numpy()
    _, _, done, gain = test.step(greedy)
    gains[open_ & done] = gain[open_ & done]
    open_ &= ~done
print(
    json.dumps(
        {
            "value": TASK["iterations"] * ENVS * HORIZON / elapsed,
            "quality": float(gains.mean()),
            "multiplier": float(multiplier),
            "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "versions": {"torch": torch.__version__, "python": sys.version.split()[0]},
        }
    )
)
