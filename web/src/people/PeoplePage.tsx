import { Page } from '../components/Page.tsx'

/** Being built. */
export function PeoplePage() {
  return <Page title="People & Roles">{null}</Page>
}
