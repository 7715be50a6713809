/** Who hosts: two users of the org, and somebody whom it does not know. */
export const HOSTS = ['hana.host@example.com', 'sam.seller@example.com', 'noor@host.example'].map((email, index) => ({
  ...{ id: String(501 + index), email },
  name: `${email.split(/[.@]/)[0]} of the house`,
}));
