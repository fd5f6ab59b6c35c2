import { Page } from '../components/Page.tsx'

/** Being built. */
export function LoginAppPage() {
  return <Page title="User Authentication">{null}</Page>
}
