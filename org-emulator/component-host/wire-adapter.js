// What the stand-ins for the platform's wire adapters have in common.

/**
 * Makes a wire adapter of a function that loads. Like the platform it first emits nothing, loads once every required
 * property is there, lets a later answer win, and gives data that cannot be changed.
 *
 * @param {string[]} required names of configuration properties
 * @param {(config: object) => Promise<unknown>} load
 * @param {(data: unknown, error: unknown, refresh: () => Promise<void>) => object} shape what is emitted
 */
export function wireAdapter(required, load, shape = (data, error) => ({ data, error })) {
    const live = new Set();

    class Adapter {
        isConnected = false;
        isDue = false;
        turn = 0;
        refresh = () => this.run();

        constructor(emit) {
            this.emit = emit;
            emit(shape(undefined, undefined, this.refresh));
        }

        connect() {
            this.isConnected = true;
            live.add(this);
            if (this.isDue) void this.run();
        }

        disconnect() {
            this.isConnected = false;
            live.delete(this);
        }

        update(config) {
            this.config = config;
            this.isDue = required.every((name) => config[name] !== undefined && config[name] !== null);
            if (this.isConnected && this.isDue) void this.run();
        }

        async run() {
            this.isDue = false;
            this.turn += 1;
            const { turn } = this;
            const result = await load(this.config).then(
                (data) => shape(frozen(data), undefined, this.refresh),
                (error) => shape(undefined, frozen(error), this.refresh)
            );
            if (turn === this.turn && this.isConnected) this.emit(result);
        }
    }

    /** Loads again wherever the configuration fits. */
    Adapter.refreshAll = (fits) => Promise.all([...live].filter(({ config }) => fits(config)).map((one) => one.run()));
    return Adapter;
}

function frozen(value) {
    if (typeof value !== 'object' || value === null) return value;
    Object.values(value).forEach(frozen);
    return Object.freeze(value);
}
